package io.agenthub.api.spi;

/** A part that a configuration can name. */
public interface Provider {

    /**
     * The name a configuration uses.
     *
     * @return lower case, without spaces, the same at every call
     */
    String name();
}
