package io.agenthub.examples.gateway.figures;

import io.agenthub.tck.Await;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that lives an {@link EmbeddedLife} in a class loader of its own, and ends well once that is collected. */
final class DiscardedLife {
    private DiscardedLife() {}

    public static void main(String[] folder) throws Exception {
        WeakReference<ClassLoader> loader = live(Path.of(folder[0]));
        // Until 19, the JDK remembers the type of the last record component it compared or hashed; let it be another
        // one.
        Last last = new Last(Thread.State.NEW);
        String made = last + " " + last.hashCode() + " " + last.equals(new Last(Thread.State.RUNNABLE));
        Await.until(Duration.ofSeconds(30), "the class loader is collected after " + made, () -> {
            System.gc();
            return loader.get() == null;
        });
        System.exit(0);
    }

    private static WeakReference<ClassLoader> live(Path folder) throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            caller.setContextClassLoader(own);
            Class<?> type = own.loadClass(EmbeddedLife.class.getName());
            ((Runnable) type.getConstructor(Path.class).newInstance(folder)).run();
            return new WeakReference<>(own);
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    private record Last(Thread.State state) {}
}
