package io.agenthub.mcp.internal.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Refuses an answer whose end could be understood in two ways, where others guess: the next answer might be forged. */
final class StrictResponseDecoder extends HttpResponseDecoder {
    StrictResponseDecoder(int maxHeaderBytes) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpLimits.STATUS_LINE)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(HttpLimits.PIECE)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setValidateHeaders(true));
    }

    /** Whether bytes have come that belong to no answer read so far. */
    boolean hasMore() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding are given");
    }

    @Override
    protected boolean isSwitchingToNonHttp1Protocol(HttpResponse response) {
        return false;
    }
}
