package io.agenthub.mcp.internal.call;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps callers' progress tokens away from the server: two callers may well use the same one, so the server is given the
 * private id of the request instead.
 *
 * @param sent the parameters as the server gets them
 * @param original the caller's own token, to be put back into what the server reports
 */
public record ProgressToken(@Nullable JsonText sent, Optional<JsonText> original) {
    private static final String META = "_meta";
    private static final String TOKEN = "progressToken";

    /**
     * Replaces the token of a request's parameters by the private id, or takes it out if nobody listens.
     *
     * @param params the parameters
     * @param wanted whether somebody listens
     * @param id the private id
     * @return the parameters as they go out
     */
    public static ProgressToken replace(@Nullable JsonText params, boolean wanted, long id) {
        if (params == null || !params.isObject()) {
            boolean absent = params == null && wanted;
            return new ProgressToken(
                    absent ? JsonText.EMPTY_OBJECT.with(META, JsonText.EMPTY_OBJECT.with(TOKEN, number(id))) : params,
                    Optional.empty());
        }
        JsonText meta = params.member(META).filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT);
        Optional<JsonText> original = meta.member(TOKEN);
        if (wanted) {
            return new ProgressToken(params.with(META, meta.with(TOKEN, number(id))), original);
        }
        return new ProgressToken(original.isPresent() ? params.with(META, meta.without(TOKEN)) : params, original);
    }

    /**
     * The private id in a progress notification.
     *
     * @param progress the notification
     * @return the id, if it is one of ours
     */
    public static Optional<Long> idOf(RpcNotification progress) {
        return Optional.ofNullable(progress.params())
                .flatMap(params -> params.member(TOKEN))
                .flatMap(PrivateId::read);
    }

    /**
     * The notification as its caller may see it.
     *
     * @param progress as it came
     * @param original the caller's own token, if it had one
     * @return with that token, or with none
     */
    public static RpcNotification restore(RpcNotification progress, Optional<JsonText> original) {
        JsonText params = progress.params();
        if (params == null) {
            return progress;
        }
        JsonText restored = original.map(token -> params.with(TOKEN, token)).orElseGet(() -> params.without(TOKEN));
        return new RpcNotification(progress.method(), restored);
    }

    private static JsonText number(long id) {
        return JsonText.of(Long.toString(id));
    }
}
