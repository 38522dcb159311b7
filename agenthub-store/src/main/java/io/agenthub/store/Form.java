package io.agenthub.store;

import org.jspecify.annotations.Nullable;

/** The forms in which the chain seals a record. A segment says which one the links in it are made of. */
enum Form {
    /** Every part spelled out: of all versions, and of records that several write at once, who may be of different versions. */
    SPELLED(1),
    /** The record as it is packed, with the hash of its shape for the shape: less than half as much to hash. */
    PACKED(2);

    private static final Form[] ALL = values();

    private final int code;

    Form(int code) {
        this.code = code;
    }

    /** As it stands in segments; not to be changed. */
    int code() {
        return code;
    }

    static @Nullable Form of(int code) {
        for (Form form : ALL) {
            if (form.code == code) {
                return form;
            }
        }
        return null;
    }
}
