package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a client carries from one round of a call to the next. The client can neither make a state nor use one for another
 * request, endpoint or principal, nor use one twice. The key lives as long as the gateway. Thread-safe.
 */
final class RequestState {
    private static final Pattern FORM = Pattern.compile("agenthub\\.([A-Za-z0-9_-]{27})\\.([A-Za-z0-9_-]{43})");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int TICKET_BYTES = 20;

    /**
     * Which call, and which round of it.
     *
     * @param call a number nobody can guess, beside a seal nobody can make
     * @param round counts from 1
     */
    record Ticket(long call, long nonce, int round) {}

    private final SecretKeySpec key;

    RequestState(SecureRandom random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    String seal(Ticket ticket, byte[] binding) {
        byte[] bytes = ByteBuffer.allocate(TICKET_BYTES)
                .putLong(ticket.call())
                .putLong(ticket.nonce())
                .putInt(ticket.round())
                .array();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "agenthub." + base64.encodeToString(bytes) + "." + base64.encodeToString(mac(bytes, binding));
    }

    /**
     * Opens a state.
     *
     * @param binding what the request at hand is bound to
     * @return the ticket; empty if the state was not sealed here, or not for this
     */
    Optional<Ticket> open(String state, byte[] binding) {
        Matcher form = FORM.matcher(state);
        if (!form.matches()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(form.group(1));
            byte[] seal = Base64.getUrlDecoder().decode(form.group(2));
            if (bytes.length != TICKET_BYTES || !MessageDigest.isEqual(seal, mac(bytes, binding))) {
                return Optional.empty();
            }
            ByteBuffer ticket = ByteBuffer.wrap(bytes);
            return Optional.of(new Ticket(ticket.getLong(), ticket.getLong(), ticket.getInt()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] mac(byte[] ticket, byte[] binding) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ticket);
            return mac.doFinal(binding);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /**
     * What a state is bound to: who asks what of whom. What changes from round to round is left out.
     *
     * @return a digest
     */
    static byte[] binding(Principal principal, String endpoint, String method, @Nullable JsonText params) {
        TreeMap<String, JsonText> fixed = new TreeMap<>(params == null ? java.util.Map.of() : params.members());
        fixed.keySet().removeAll(java.util.Set.of("_meta", "requestState", "inputResponses"));
        String text = String.join("\n", principal.digest(), endpoint, method, canonical(JsonText.object(fixed)));
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The same for values that differ in the order of members and in white space only. */
    private static String canonical(JsonText value) {
        if (value.isObject()) {
            StringBuilder text = new StringBuilder("{");
            new TreeMap<>(value.members())
                    .forEach((name, member) -> text.append(JsonText.quote(name))
                            .append(':')
                            .append(canonical(member))
                            .append(','));
            return text.append('}').toString();
        }
        if (value.isArray()) {
            StringBuilder text = new StringBuilder("[");
            value.elements().forEach(element -> text.append(canonical(element)).append(','));
            return text.append(']').toString();
        }
        return value.string().map(string -> JsonText.quote(string).toString()).orElseGet(value::toString);
    }
}
