package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import java.util.LinkedHashMap;
import java.util.Map;

/** The open {@code subscriptions/listen} requests. Thread-safe. */
final class Subscriptions {
    private final Wire wire;
    private final Map<JsonText, JsonText> filters = new LinkedHashMap<>();

    Subscriptions(Wire wire) {
        this.wire = wire;
    }

    /** Opens one: acknowledges what it will hear of, before anything else is said on it. */
    synchronized void open(Call call) {
        JsonText wanted = Json.object(call.params(), "notifications");
        Map<String, JsonText> honoured = new LinkedHashMap<>();
        for (String list : new String[] {"toolsListChanged", "promptsListChanged", "resourcesListChanged"}) {
            JsonText flag = Json.member(wanted, list);
            if (flag != null && flag.toString().equals("true")) {
                honoured.put(list, flag);
            }
        }
        JsonText uris = Json.member(wanted, "resourceSubscriptions");
        if (uris != null && uris.isArray()) {
            honoured.put("resourceSubscriptions", uris);
        }
        JsonText filter = JsonText.object(honoured);
        filters.put(call.id(), filter);
        send(call.id(), "subscriptions/acknowledged", Json.fill("{\"notifications\":%}", filter));
    }

    synchronized void close(JsonText id) {
        filters.remove(id);
    }

    synchronized void changed(String list) {
        for (Map.Entry<JsonText, JsonText> subscription : filters.entrySet()) {
            if (Json.member(subscription.getValue(), list.concat("ListChanged")) != null) {
                send(subscription.getKey(), list.concat("/list_changed"), JsonText.EMPTY_OBJECT);
            }
        }
    }

    synchronized void updated(String uri) {
        for (Map.Entry<JsonText, JsonText> subscription : filters.entrySet()) {
            JsonText uris = Json.member(subscription.getValue(), "resourceSubscriptions");
            if (uris != null && uris.elements().contains(JsonText.quote(uri))) {
                send(subscription.getKey(), "resources/updated", Json.fill("{\"uri\":%}", uri));
            }
        }
    }

    private void send(JsonText id, String what, JsonText params) {
        JsonText meta = Json.fill("{%:%}", Envelope.SUBSCRIPTION_ID, id);
        wire.send(new RpcNotification("notifications/".concat(what), params.with("_meta", meta)));
    }
}
