package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of the record, of stores that are not as the bundled ones are. */
class AuditRoutesTest {
    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    /** Offers what a store has to offer, and no more. */
    private static class Forgetful implements ActivityStore {
        @Override
        public CompletionStage<Void> open() {
            return Promise.done();
        }

        @Override
        public CompletionStage<Long> append(Activity activity) {
            return Promise.succeeded(0L);
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return Promise.done();
        }
    }

    /** Keeps more than stores do by default, and remembers what it was cleaned up by. */
    private static final class Patient extends Forgetful {
        private final List<Retention> cleanups = new ArrayList<>();

        @Override
        public Retention retention() {
            return Retention.ofAge(Duration.ofDays(365));
        }

        @Override
        public CompletionStage<Long> cleanup(Retention retention) {
            cleanups.add(retention);
            return Promise.succeeded(7L);
        }
    }

    @Test
    void aCleanupThatNamesNothingRemovesWhatTheStoreWouldRemoveAnyway() {
        Patient store = new Patient();
        harness.hub.store = Optional.of(store);
        assertEquals(
                "{\"removed\":7}", harness.post("/audit/activity/cleanup", "").body());
        assertEquals(
                "{\"removed\":7}", harness.post("/audit/activity/cleanup", "{}").body());
        assertEquals(
                "{\"removed\":7}",
                harness.post("/audit/activity/cleanup", "{\"bytes\":\"1KiB\"}").body());
        assertEquals(List.of(store.retention(), store.retention(), Retention.ofBytes(1_024)), store.cleanups);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /audit/activity, queried",
        "GET, /audit/activity/stats, statistics",
        "GET, /audit/activity/export, queried",
        "POST, /audit/activity/cleanup, cleaned up",
        "DELETE, /audit/activity, cleared",
        "GET, /audit/integrity/verify, hash chain"
    })
    void whatAStoreDoesNotOfferIsSaidWithTheWayToHaveIt(String method, String path, String what) {
        harness.hub.store = Optional.of(new Forgetful());
        Reply reply = harness.client()
                .send(method + " " + path + " HTTP/1.1\r\nHost: " + harness.host() + "\r\n\r\n")
                .reply();
        assertEquals(501, reply.status());
        JsonText body = JsonText.of(reply.body());
        assertEquals(
                "\"BAD_CONFIGURATION\"", String.valueOf(body.at("/error/kind").orElse(null)));
        String message = String.valueOf(body.at("/error/message").orElse(null));
        assertTrue(message.contains(what) && message.contains("'activity'"), message);
    }

    @ParameterizedTest
    @CsvSource({"POST, /audit/activity/cleanup?age=365d", "DELETE, /audit/activity?server=one"})
    void whatRemovesActivitiesTakesNoFilterInSilence(String method, String path) {
        harness.hub.store = Optional.of(new Forgetful());
        Reply reply = harness.client()
                .send(method + " " + path + " HTTP/1.1\r\nHost: " + harness.host() + "\r\n\r\n")
                .reply();
        assertEquals(400, reply.status(), reply.body());
        assertTrue(reply.body().contains("takes no parameters"), reply.body());
    }
}
