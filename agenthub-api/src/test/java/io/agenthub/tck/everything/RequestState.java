package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a stateless server gives the client to bring back: readable, but good only unchanged, for the same request and for ten
 * minutes. Thread-safe.
 */
final class RequestState {
    private static final long LIFETIME_MILLIS = 600_000;

    private final byte[] key;

    RequestState(@Nullable String key) {
        if (key == null) {
            this.key = new byte[32];
            new SecureRandom().nextBytes(this.key);
        } else {
            this.key = key.getBytes(StandardCharsets.UTF_8);
        }
    }

    String seal(Call call, JsonText state) {
        byte[] nonce = new byte[8];
        new SecureRandom().nextBytes(nonce);
        String payload = encode(Json.fill(
                        "{\"until\":%,\"nonce\":%,\"state\":%}",
                        System.currentTimeMillis() + LIFETIME_MILLIS, encode(nonce), state)
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        return payload.concat(".").concat(encode(sign(call, payload)));
    }

    /** What was sealed, or a refusal. */
    JsonText open(Call call, JsonText sealed) {
        String text = sealed.string().orElse("");
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw refused();
        }
        String payload = text.substring(0, dot);
        if (!MessageDigest.isEqual(
                encode(sign(call, payload)).getBytes(StandardCharsets.UTF_8),
                text.substring(dot + 1).getBytes(StandardCharsets.UTF_8))) {
            throw refused();
        }
        JsonText content = JsonText.of(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
        long until = Long.parseLong(content.at("/until").orElseThrow().toString());
        if (System.currentTimeMillis() > until) {
            throw refused();
        }
        return content.at("/state").orElseThrow();
    }

    private static Refusal refused() {
        return new Refusal(Refusal.INVALID_PARAMS, "requestState failed its verification");
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Signs the payload together with what makes the request this one and no other. */
    private byte[] sign(Call call, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (String part : new String[] {
                call.method(),
                Json.string(call.params(), "name", ""),
                Json.object(call.params(), "arguments").toString()
            }) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            return mac.doFinal(payload.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
