package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Both eras, as dual-era servers really do it: {@code server/discover} may be asked at any time before, but the first other
 * message decides for one era until the process ends, and then the other era's opening is refused.
 */
final class DualSession implements Session {
    private final LegacySession legacy;
    private final ModernSession modern;
    private @Nullable Session pinned;

    DualSession(Options options, Wire wire, Journal journal) {
        this.legacy = new LegacySession(options, wire, journal);
        this.modern = new ModernSession(options, wire, journal);
    }

    @Override
    public void request(RpcRequest request) {
        Session chosen = pinned;
        if (chosen == null) {
            boolean claimed = Envelope.isClaimedBy(Json.params(request));
            chosen = claimed ? modern : legacy;
            if (!claimed || (!request.method().equals("server/discover") && isValid(request))) {
                pinned = chosen;
            }
        }
        if (chosen == modern) {
            modern.request(request);
        } else {
            legacy.request(request);
        }
    }

    /** A modern envelope that is wrong is refused without deciding anything. */
    private static boolean isValid(RpcRequest request) {
        try {
            Envelope.of(new Call(request));
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    @Override
    public void notified(RpcNotification notification) throws IOException {
        JsonText params = Json.params(notification);
        if (pinned == null) {
            pinned = Envelope.isClaimedBy(params) ? modern : legacy;
        }
        pinned.notified(notification);
    }

    @Override
    public void answered(RpcResponse response) throws IOException {
        if (pinned != null) {
            pinned.answered(response);
        }
    }
}
