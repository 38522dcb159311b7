package io.agenthub.api.activity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @Test
    void aGroupThatStandsBeforeItsMatchIsTakenOutOnce() {
        Redaction redaction = new Redaction(Set.of(), List.of(Pattern.compile("(?<=(\\d{4})-[\\d-]{0,5})\\d")), 64);
        assertEquals("on [redacted]-11-30 at noon", redaction.apply("on 2026-11-30 at noon"));
    }

    @Test
    void whatTellsNothingStaysAsItIs() {
        String body = "{\"a\":[1,2.50,-3e7,true,null],\"b\":{\"c\":\"text \\\"quoted\\\" grün\"},\"d\":[],\"e\":{}}";
        assertEquals(body, redact(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "API_KEY",
                "x-api-key",
                "Authorization",
                "clientSecret",
                "refresh_token",
                "Set-Cookie"
            })
    void valuesOfTellingKeysAreTakenOut(String key) {
        assertEquals("{\"" + key + "\":\"[redacted]\",\"b\":1}", redact("{\"" + key + "\":\"s3\",\"b\":1}"));
        assertEquals("[{\"" + key + "\":\"[redacted]\"}]", redact("[{\"" + key + "\" : {\"deep\":[1,\"s3\",{}]} }]"));
    }

    @Test
    void anEscapedKeyTellsAsMuch() {
        assertEquals("{\"password\":\"[redacted]\"}", redact("{\"p\\u0061ssword\":\"s3\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Authorization: Bearer abcdef123456|abcdef123456",
                "https://user:hunter2@host/x|hunter2",
                "GET /x?token=abc123&y=1|abc123",
                "failed with password=hunter2 on host|hunter2",
                "sk-abcdefghijklmnop1234|abcdefghijklmnop",
                "ghp_abcdefghijklmnopqrstuvwxyz0123|abcdefghij",
                "AKIAABCDEFGHIJKLMNOP is the key|ABCDEFGHIJKLMNOP",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.abc-def|eyJzdWIi",
                "-----BEGIN RSA PRIVATE KEY-----MIIEabc|MIIEabc"
            })
    void knownFormsOfSecretsAreTakenOutOfTexts(String text, String secret) {
        assertFalse(Redaction.DEFAULT.apply(text).contains(secret), Redaction.DEFAULT.apply(text));
        assertFalse(redact(JsonText.quote(text).toString()).contains(secret));
        String nested = JsonText.quote("{\"x\":" + JsonText.quote(text) + "}").toString();
        assertFalse(redact(nested).contains(secret), redact(nested));
    }

    @Test
    void jsonWithinAStringIsSearchedToo() {
        String text = JsonText.quote("{\"password\":\"hunter2\",\"b\":1}").toString();
        assertFalse(redact(text).contains("hunter2"), redact(text));
    }

    @Test
    void ofAPatternWithAGroupOnlyTheGroupGoes() {
        Redaction redaction = new Redaction(Set.of(), List.of(Pattern.compile("id=(\\d+)")), 2_048);
        assertEquals("id=[redacted] and id=[redacted]!", redaction.apply("id=12 and id=345!"));
        Redaction whole = new Redaction(Set.of(), List.of(Pattern.compile("id=\\d+")), 2_048);
        assertEquals("[redacted]!", whole.apply("id=12!"));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 66, 67, 68, 69, 70, 100, 333, 2_048})
    void aCutBodyIsStillJsonWithinItsSize(int size) {
        Redaction redaction = new Redaction(Set.of("password"), List.of(), size);
        for (String body : List.of(
                JsonText.quote("grün 🚀 \" \\ \u0001".repeat(500)).toString(),
                "[" + "123456789,".repeat(500) + "0]",
                "{\"" + "k".repeat(500) + "\":1}",
                "[".repeat(60) + "]".repeat(60),
                "{\"a\":{\"b\":{\"c\":[" + "\"x\",".repeat(900) + "{}]}},\"z\":1}",
                "9".repeat(900))) {
            JsonText cut = redaction.apply(JsonText.of(body));
            assertTrue(cut.length() <= size, () -> cut.length() + " bytes: " + cut);
            assertDoesNotThrow(() -> JsonText.of(cut.toString()), cut.toString());
        }
    }

    @Test
    void aSecretThatStraddlesTheCutIsNotHalfKept() {
        Redaction redaction = new Redaction(Set.of(), List.of(Pattern.compile("canary-\\d{200}")), 128);
        for (int before = 0; before < 128; before++) {
            String body = JsonText.quote("x".repeat(before) + "canary-" + "7".repeat(200) + "y".repeat(300))
                    .toString();
            assertFalse(redaction.apply(JsonText.of(body)).toString().contains("canary"));
        }
    }

    @Test
    void aHugeStringIsNotSearchedWhole() {
        String huge = JsonText.quote("a".repeat(8_000_000)).toString();
        JsonText cut = Redaction.DEFAULT.apply(JsonText.of(huge));
        assertTrue(cut.length() <= 2_048);
    }

    @Test
    void aTextThatWasNeverJsonGivesNothingAway() {
        for (String broken : List.of("{\"a\":", "{\"a\" 1}", "[1", "\"abc", "", "{\"password\":\"x")) {
            byte[] bytes = broken.getBytes(StandardCharsets.UTF_8);
            JsonText result = Redaction.DEFAULT.apply(JsonText.trusted(bytes));
            assertDoesNotThrow(() -> JsonText.of(result.toString()), result.toString());
        }
    }

    @RepeatedTest(200)
    void randomBodiesStayJsonAndLoseTheirSecrets(RepetitionInfo repetition) {
        Random random = new Random(Long.getLong("agenthub.test.seed", 1) + repetition.getCurrentRepetition());
        JsonText body = JsonText.ofValue(value(random, 0));
        int size = 64 + random.nextInt(4_000);
        Redaction redaction = new Redaction(Set.of("password"), Redaction.DEFAULT.patterns(), size);
        JsonText result = redaction.apply(body);
        assertTrue(result.length() <= size);
        assertDoesNotThrow(() -> JsonText.of(result.toString()), result.toString());
        assertFalse(result.toString().contains("CANARY"), result.toString());
    }

    private static Object value(Random random, int depth) {
        int choice = random.nextInt(depth > 5 ? 4 : 6);
        if (choice == 4) {
            List<Object> list = new ArrayList<>();
            random.ints(random.nextInt(8)).forEach(i -> list.add(value(random, depth + 1)));
            return list;
        }
        if (choice == 5) {
            Map<String, Object> map = new LinkedHashMap<>();
            random.ints(random.nextInt(8)).forEach(i -> map.put("k" + i + "ü\"", value(random, depth + 1)));
            map.put("my-Password", random.nextBoolean() ? "CANARY" : List.of("CANARY", Map.of("x", "CANARY")));
            return map;
        }
        return choice == 0
                ? random.nextLong()
                : choice == 1 ? random.nextBoolean() : "té\\xt\n\"".repeat(random.nextInt(40));
    }

    @Test
    void boundsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Redaction(Set.of(), List.of(), 63));
        assertThrows(IllegalArgumentException.class, () -> new Redaction(Set.of("-_"), List.of(), 100));
    }

    private static String redact(String body) {
        return Redaction.DEFAULT.apply(JsonText.of(body)).toString();
    }
}
