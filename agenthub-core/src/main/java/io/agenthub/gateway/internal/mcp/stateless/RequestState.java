package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a client carries from one round of a call to the next. The client can neither make a state nor use one for another
 * request, endpoint or principal, nor use one twice. The key lives as long as the gateway. Thread-safe.
 */
final class RequestState {
    private static final Pattern FORM =
            Pattern.compile("agenthub\\.([0-9]{1,18})\\.([0-9]{1,9})\\.([A-Za-z0-9_-]{43})");
    private static final String PURPOSE = "request-state";

    /**
     * Which call, and which round of it.
     *
     * @param call its number
     * @param round counts from 1
     */
    record Ticket(long call, int round) {
        private byte[] bytes() {
            return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                    .putLong(call)
                    .putInt(round)
                    .array();
        }
    }

    private final Secrets secrets;

    RequestState(Secrets secrets) {
        this.secrets = secrets;
    }

    String seal(Ticket ticket, byte[] binding) {
        return "agenthub." + ticket.call() + "." + ticket.round() + "."
                + secrets.seal(PURPOSE, ticket.bytes(), binding);
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
        Ticket ticket = new Ticket(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2)));
        return secrets.isSealed(form.group(3), PURPOSE, ticket.bytes(), binding)
                ? Optional.of(ticket)
                : Optional.empty();
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
