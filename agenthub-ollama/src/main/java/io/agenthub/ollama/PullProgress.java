package io.agenthub.ollama;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a model has been downloaded.
 *
 * @param status what the server is doing, in its words
 * @param digest the layer it is about, if one
 * @param totalBytes the size of that layer, if known
 * @param completedBytes how much of it is there, if known
 */
public record PullProgress(
        String status, Optional<String> digest, OptionalLong totalBytes, OptionalLong completedBytes) {}
