package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;

/** The resources by URI. */
final class Resources {
    /** The one that can be subscribed to. */
    static final String WATCHED = "test://watched-resource";

    private static final String TEMPLATE_START = "test://template/";
    private static final String TEMPLATE_END = "/data";

    private Resources() {}

    /**
     * Answers {@code resources/read}.
     *
     * @param missing the error code for a URI that does not exist, which differs between the eras
     */
    static JsonText read(JsonText params, int missing) {
        String uri = Json.required(params, "uri");
        return switch (uri) {
            case "test://static-text" -> text(uri, "text/plain", "This is the content of the static text resource.");
            case "test://static-binary" ->
                Json.fill("{\"contents\":[{\"uri\":%,\"mimeType\":\"image/png\",\"blob\":%}]}", uri, Tools.PIXEL);
            case WATCHED -> text(uri, "text/plain", "Watched resource content");
            default -> {
                if (uri.startsWith(TEMPLATE_START) && uri.endsWith(TEMPLATE_END)) {
                    yield template(uri);
                }
                throw new Refusal(missing, "Resource not found: ".concat(uri), Json.fill("{\"uri\":%}", uri));
            }
        };
    }

    private static JsonText template(String uri) {
        int start = TEMPLATE_START.length();
        String id = uri.substring(start, Math.max(start, uri.length() - TEMPLATE_END.length()));
        return text(
                uri,
                "application/json",
                Json.fill("{\"id\":%,\"templateTest\":true}", id).toString());
    }

    private static JsonText text(String uri, String type, String text) {
        return Json.fill("{\"contents\":[{\"uri\":%,\"mimeType\":%,\"text\":%}]}", uri, type, text);
    }
}
