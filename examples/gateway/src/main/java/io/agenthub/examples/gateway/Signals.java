package io.agenthub.examples.gateway;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for the signals that end a program. The first asks for an orderly end, the second ends the JVM at once.
 *
 * <p>A shutdown hook could not do this: the JVM would exit with the signal's code, and would not see a second one.
 */
final class Signals {
    private static final int SHELL_OFFSET = 128;
    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);

    private final CountDownLatch first = new CountDownLatch(1);

    private Signals() {}

    /** Listens for SIGTERM and SIGINT from now on. */
    static Signals listen() {
        Signals signals = new Signals();
        NUMBERS.forEach(signals::handle);
        return signals;
    }

    /** Through reflection, since the compiler warns of the type, which the module jdk.unsupported keeps for such as us. */
    private void handle(String name, int number) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == handler) {
                            received(number);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java does not let a program handle SIG" + name, e);
        }
    }

    private void received(int number) {
        if (first.getCount() == 0) {
            Runtime.getRuntime().halt(SHELL_OFFSET + number);
        }
        first.countDown();
    }

    /** Blocks until the first one arrives. */
    void first() {
        try {
            first.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
