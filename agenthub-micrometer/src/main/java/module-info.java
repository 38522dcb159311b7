/** The hub's monitor as Micrometer meters; for applications that have Micrometer. */
module io.agenthub.micrometer {
    requires transitive io.agenthub.api;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports io.agenthub.micrometer;
}
