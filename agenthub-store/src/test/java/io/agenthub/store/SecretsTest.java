package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.rpc.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not be kept is in none of the files. */
class SecretsTest {
    private static final int CANARIES = 200;

    @TempDir
    private Path folder;

    private StoreHarness harness;

    @BeforeEach
    void begin() {
        harness = new StoreHarness(folder);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    @Test
    void withoutBodiesNothingOfThemIsKept() throws IOException {
        ActivityStore store = harness.open();
        for (int i = 0; i < CANARIES; i++) {
            JsonText body = JsonText.of("{\"prompt\":\"an ordinary word " + canary(i) + "\"}");
            StoreHarness.append(
                    store, StoreHarness.call().request(body).response(body).build());
        }
        assertTrue(StoreHarness.newest(store).stream()
                .allMatch(activity -> activity.request().isEmpty()));
        assertNoCanary("Figure 13: %d canaries in requests and responses that are not kept, 0 in %d files%n");
    }

    @Test
    void withBodiesNothingThatLooksLikeASecretIsKept() throws IOException {
        ActivityStore store = harness.open(StoreOptions.builder().bodies(true).build());
        for (int i = 0; i < CANARIES; i++) {
            String secret = canary(i);
            Activity.Builder call = StoreHarness.call();
            switch (i % 8) {
                case 0 -> call.request(JsonText.of("{\"arguments\":{\"password\":\"" + secret + "\"}}"));
                case 1 -> call.request(JsonText.of("{\"env\":{\"API_TOKEN\":[\"" + secret + "\"]}}"));
                case 2 -> call.request(JsonText.of("{\"url\":\"https://me:" + secret + "@host/\"}"));
                case 3 -> call.response(JsonText.of("{\"text\":\"Authorization: Bearer " + secret + "\"}"));
                case 4 -> call.response(JsonText.of("{\"text\":\"{\\\"secret\\\":\\\"" + secret + "\\\"}\"}"));
                case 5 -> call.detail("exit 1; stderr: api_key=" + secret);
                case 6 -> call.detail("GET https://host/x?access_token=" + secret + "&y=1 failed");
                default -> call.response(JsonText.of("\"" + "x".repeat(3_000) + secret + "\""));
            }
            StoreHarness.append(store, call.build());
        }
        assertNoCanary("Figure 13: %d canaries in bodies, details and URLs, 0 in %d files%n");
    }

    @Test
    void equalRequestsAreRecognisedWithoutBeingKept() {
        ActivityStore store = harness.open();
        for (String params : List.of("{\"pin\":1234}", "{\"pin\":1235}", "{\"pin\":1234}")) {
            StoreHarness.append(
                    store, StoreHarness.call().request(JsonText.of(params)).build());
        }
        StoreHarness.append(store, StoreHarness.call().build());
        List<String> hashes = hashes(store);
        assertEquals("none", hashes.get(0));
        assertEquals(hashes.get(1), hashes.get(3));
        assertNotEquals(hashes.get(1), hashes.get(2));
        assertTrue(hashes.get(1).matches("[0-9a-f]{32}"), hashes::toString);
        assertTrue(StoreHarness.newest(store).stream()
                .allMatch(activity -> activity.request().isEmpty()));
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void anotherInstallationsHashesSayNothingHere() throws IOException {
        JsonText request = JsonText.of("{\"pin\":1234}");
        ActivityStore store = harness.open();
        StoreHarness.append(store, StoreHarness.call().request(request).build());
        StoreHarness.close(store);
        ActivityStore same = harness.open();
        StoreHarness.append(same, StoreHarness.call().request(request).build());
        assertEquals(hashes(same).get(0), hashes(same).get(1), "it survives a restart");
        try (StoreHarness other = new StoreHarness(Files.createDirectory(folder.resolve("other")))) {
            ActivityStore elsewhere = other.open();
            StoreHarness.append(elsewhere, StoreHarness.call().request(request).build());
            assertNotEquals(hashes(same).get(0), hashes(elsewhere).get(0));
        }
    }

    private static List<String> hashes(ActivityStore store) {
        return StoreHarness.newest(store).stream()
                .map(activity -> activity.requestHash().orElse("none"))
                .toList();
    }

    @Test
    void keptBodiesAreCutJson() {
        ActivityStore store = harness.open(StoreOptions.builder().bodies(true).build());
        StoreHarness.append(
                store,
                StoreHarness.call()
                        .request(JsonText.of("{\"a\":1,\"password\":\"x\",\"b\":\"" + "y".repeat(5_000) + "\"}"))
                        .build());
        JsonText kept = StoreHarness.newest(store).get(0).request().orElseThrow();
        assertTrue(kept.length() <= 2_048, kept::toString);
        assertEquals("1", JsonText.of(kept.toString()).member("a").orElseThrow().toString());
        assertEquals(
                "[redacted]", kept.member("password").flatMap(JsonText::string).orElseThrow());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void bodiesThatDoNotFitIntoTheQueueAreLeftOutAndTheActivityIsKept() {
        ActivityStore store = harness.open(StoreOptions.builder().bodies(true).build());
        JsonText large = JsonText.of("\"" + "z".repeat(5_000_000) + "\"");
        List<java.util.concurrent.CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            stages.add(store.append(StoreHarness.call().request(large).build()));
        }
        stages.forEach(io.agenthub.tck.Await::value);
        assertEquals(40, StoreHarness.newest(store).size());
        assertEquals(0, store.status().dropped());
    }

    private static String canary(int number) {
        return "CANARY" + String.format("%06d", number) + "qzx";
    }

    private void assertNoCanary(String figure) throws IOException {
        int looked = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                int at = content.indexOf("CANARY");
                assertTrue(
                        at < 0,
                        () -> file + " holds "
                                + content.substring(Math.max(0, at - 60), Math.min(content.length(), at + 40)));
                looked++;
            }
        }
        assertTrue(looked >= 3);
        System.out.printf(figure, CANARIES, looked);
    }
}
