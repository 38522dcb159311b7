package io.agenthub.gateway;

import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.HubListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** What is wrong with one method of one part: whoever calls it gets this instead of what the part does. */
final class Faulty {
    /** Ways to break a contract. */
    enum Way {
        EXCEPTION,
        STACK_OVERFLOW,
        ASSERTION,
        FAILED_STAGE,
        NULL
    }

    private final Class<?> type;
    private final String method;
    private final Way way;
    private final AtomicInteger hits = new AtomicInteger();

    Faulty(Class<?> type, String method, Way way) {
        this.type = type;
        this.method = method;
        this.way = way;
    }

    /** How often it went wrong. */
    int hits() {
        return hits.get();
    }

    /** Whether it is told something and can answer nothing. */
    boolean isCallback() {
        return type == HubListener.class
                || type == CallArrival.class
                || (type == CallListener.class && method.equals("notified"));
    }

    /** The same part, with its fault if it is of the faulty kind. */
    <T> T spoil(Class<T> kind, T part) {
        if (kind != type) {
            return part;
        }
        return kind.cast(Proxy.newProxyInstance(
                Faulty.class.getClassLoader(), new Class<?>[] {kind}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return instead();
                    }
                    if (called.getName().equals("record")) {
                        // As in a store that has no better way: by the method above.
                        return InvocationHandler.invokeDefault(proxy, called, arguments);
                    }
                    try {
                        return called.invoke(part, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Object instead() {
        hits.incrementAndGet();
        return switch (way) {
            case EXCEPTION -> throw new IllegalStateException("on purpose");
            case STACK_OVERFLOW -> deeper(0);
            case ASSERTION -> throw new AssertionError("on purpose");
            case FAILED_STAGE -> CompletableFuture.failedFuture(new AssertionError("on purpose"));
            case NULL -> null;
        };
    }

    private static Object deeper(int depth) {
        return depth < 0 ? depth : deeper(depth + 1) + "";
    }

    /** Whether this way can be gone by a method of this name. */
    static boolean possible(Class<?> type, String method, Way way) {
        if (way != Way.FAILED_STAGE && way != Way.NULL) {
            return true;
        }
        for (Method one : type.getMethods()) {
            if (one.getName().equals(method) && CompletionStage.class.isAssignableFrom(one.getReturnType())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return type.getSimpleName() + "." + method + " " + way;
    }
}
