package io.agenthub.ollama.internal.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Reads answers, and knows whether something stands behind the last one. Confined to its event loop. */
final class AnswerDecoder extends HttpResponseDecoder {
    private static final int STATUS_LINE = 4_096;
    private static final int HEAD = 16_384;
    private static final int PIECE = 65_536;

    AnswerDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(STATUS_LINE)
                .setMaxHeaderSize(HEAD)
                .setMaxChunkSize(PIECE));
    }

    /** Whether bytes have come that belong to no answer read so far. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }
}
