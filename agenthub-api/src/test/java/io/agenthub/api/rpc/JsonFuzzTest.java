package io.agenthub.api.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A second opinion: random documents, valid ones and ones that were changed a little, are put before this scanner and before
 * Jackson's parser, which must agree on what is JSON and on what it says.
 *
 * <p>Jackson is handed decoded text, because left to itself it accepts other encodings; what is not strict UTF-8 must be
 * refused here.
 */
class JsonFuzzTest {
    /** More with {@code -Dagenthub.fuzz.documents=5000000}. */
    private static final int DOCUMENTS = Integer.getInteger("agenthub.fuzz.documents", 6_000);

    private static final int CHANGES = 5;
    private static final String STRUCTURE = "{}[]\",:\\ \n0-.eEtfnu/";
    private static final JsonFactory JACKSON = new JsonFactory();

    private final long seed = Long.getLong("agenthub.test.seed", 20_261_123L);
    private final Random random = new Random(seed);

    @Test
    void bothAgreeOnWhatIsJsonAndOnWhatItSays() throws IOException {
        int accepted = 0;
        for (int document = 0; document < DOCUMENTS; document++) {
            byte[] valid = utf8(new Grammar(random).document());
            assertEquals(jackson(valid), here(valid).toValue(), () -> "seed " + seed);
            for (int change = 0; change < CHANGES; change++) {
                byte[] changed = changed(valid);
                accepted += assertAgreement(changed) ? 1 : 0;
            }
        }
        int changed = DOCUMENTS * CHANGES;
        assertTrue(accepted > changed / 50 && accepted < changed, accepted + " of " + changed + " accepted");
    }

    @Test
    void anyByteAnywhereInAWordIsJudgedAlikeHoweverTheWordsFall() throws IOException {
        for (int length = 1; length <= 20; length++) {
            for (int at = 0; at < length; at++) {
                for (int odd = 0; odd < 256; odd++) {
                    assertEqualJudgement(length, at, (byte) odd, at);
                    assertEqualJudgement(length, at, (byte) odd, random.nextInt(length));
                }
            }
        }
    }

    /** A string of letters with one odd byte, and another at a second place, which a mark of the first must not hide. */
    private void assertEqualJudgement(int length, int at, byte odd, int second) throws IOException {
        int shift = random.nextInt(8);
        byte[] json = utf8(" ".repeat(shift) + '"' + "x".repeat(length) + "\" ");
        json[shift + 1 + second] = (byte) random.nextInt(256);
        json[shift + 1 + at] = odd;
        assertAgreement(json);
    }

    @Test
    void aMemberIsTheSameFoundByItsPlaceOrByWalking() {
        for (int document = 0; document < DOCUMENTS; document++) {
            Grammar grammar = new Grammar(random);
            StringBuilder text = new StringBuilder("{");
            List<String> names = new ArrayList<>(List.of("absent", ""));
            // Beyond some number of members no places are kept; some names stand twice.
            for (int i = random.nextInt(document % 2 == 0 ? 6 : 48); i > 0; i--) {
                String literal = grammar.string().replace("\\ud800", "");
                names.add(JsonText.of(literal).string().orElseThrow());
                text.append(grammar.space())
                        .append(literal)
                        .append(grammar.space())
                        .append(':');
                text.append(grammar.space()).append(grammar.value(2)).append(grammar.space());
                text.append(i > 1 ? "," : "");
            }
            text.append('}');
            JsonText placed = JsonText.of(grammar.space() + text + grammar.space());
            JsonText walked = JsonText.trusted(utf8(text.toString()));
            JsonText params = ((RpcNotification) RpcMessage.parse(
                            utf8("{\"params\":" + text + ",\"method\":\"m\",\"jsonrpc\":\"2.0\"}"), JsonLimits.RELAY))
                    .params();
            assertEquals(walked, placed);
            assertEquals(walked, params);
            for (String name : names) {
                String expected = member(walked, name);
                assertEquals(expected, member(placed, name), () -> "seed " + seed + ": " + name + " in " + text);
                assertEquals(expected, member(params, name), () -> "seed " + seed + ": " + name + " in " + text);
            }
            assertEquals(walked.singleLine(), placed.singleLine());
            assertEquals(walked.singleLine(), params.singleLine());
        }
    }

    private static String member(@Nullable JsonText object, String name) {
        try {
            return object == null ? "no object" : object.member(name).toString();
        } catch (MalformedMessageException e) {
            return "refused: " + e.getMessage();
        }
    }

    @Test
    void membersAndElementsAreExactSlices() {
        for (int document = 0; document < DOCUMENTS; document++) {
            Grammar grammar = new Grammar(random);
            List<String> values = new ArrayList<>();
            boolean object = random.nextBoolean();
            String text = grammar.container(object, values);
            JsonText json = JsonText.of(text);
            List<JsonText> slices = object ? new ArrayList<>(json.members().values()) : json.elements();
            assertEquals(values, slices.stream().map(JsonText::toString).toList(), () -> "seed " + seed + ": " + text);
            for (int i = 0; i < values.size(); i++) {
                String pointer = object ? "/" + i + "~1" : "/" + i;
                assertEquals(values.get(i), json.at(pointer).orElseThrow().toString());
            }
        }
    }

    @Test
    void aLineHoldsNoBreakAndSaysTheSame() {
        for (int document = 0; document < DOCUMENTS; document++) {
            JsonText json = JsonText.of(new Grammar(random).document());
            JsonText line = json.singleLine();
            String text = line.toString();
            assertTrue(text.indexOf('\n') < 0 && text.indexOf('\r') < 0, text);
            assertEquals(json.toValue(), line.toValue(), () -> "seed " + seed);
        }
    }

    private boolean assertAgreement(byte[] json) {
        Object mine;
        try {
            mine = here(json).toValue();
        } catch (MalformedMessageException e) {
            mine = e;
        }
        Object theirs;
        try {
            theirs = jackson(json);
        } catch (IOException | NumberFormatException e) {
            theirs = e;
        }
        boolean accepted = !(mine instanceof Exception);
        if (theirs instanceof IOException e && String.valueOf(e.getMessage()).contains("surrogate")) {
            return false;
        }
        // Duplicate members and absurd exponents are JSON, but no Java values.
        boolean valueless =
                mine instanceof MalformedMessageException e && e.code() == MalformedMessageException.INVALID_REQUEST;
        if (!valueless && (accepted == theirs instanceof Exception || (accepted && !equal(mine, theirs)))) {
            throw new AssertionError("seed " + seed + ": " + new String(json, StandardCharsets.UTF_8) + "\n here: "
                    + mine + "\n Jackson: " + theirs);
        }
        return accepted;
    }

    private static boolean equal(@Nullable Object mine, @Nullable Object theirs) {
        return mine == null ? theirs == null : mine.equals(theirs);
    }

    private static JsonText here(byte[] json) {
        return JsonText.of(json, JsonLimits.RELAY);
    }

    /** What Jackson reads, in the types that this library uses. */
    private static @Nullable Object jackson(byte[] json) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(e);
        }
        try (JsonParser parser = JACKSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IOException("empty");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IOException("a second document");
            }
            return value;
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> whole(new BigInteger(parser.getText()));
            case VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + parser.currentToken());
        };
    }

    private static Number whole(BigInteger value) {
        if (value.bitLength() < 64) {
            return value.longValue();
        }
        return value;
    }

    private byte[] changed(byte[] json) {
        byte[] copy = json.clone();
        int at = random.nextInt(copy.length);
        switch (random.nextInt(6)) {
            case 0 -> copy[at] = (byte) random.nextInt(256);
            case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> copy[at] = (byte) STRUCTURE.charAt(random.nextInt(STRUCTURE.length()));
            case 3 -> copy = spliced(copy, at, 1, new byte[0]);
            case 4 -> copy = spliced(copy, at, 0, new byte[] {(byte) random.nextInt(256)});
            default -> {
                int length = Math.min(random.nextInt(12), copy.length - at);
                copy = spliced(
                        copy, random.nextInt(copy.length), 0, java.util.Arrays.copyOfRange(copy, at, at + length));
            }
        }
        return copy;
    }

    private static byte[] spliced(byte[] bytes, int at, int cut, byte[] insert) {
        byte[] out = new byte[bytes.length - cut + insert.length];
        System.arraycopy(bytes, 0, out, 0, at);
        System.arraycopy(insert, 0, out, at, insert.length);
        System.arraycopy(bytes, at + cut, out, at + insert.length, bytes.length - at - cut);
        return out;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes random JSON. */
    private static final class Grammar {
        private static final String[] PIECES = {
            "a",
            "Z",
            " ",
            "é",
            "漢",
            "😀",
            "\u2028",
            "\u007f",
            "\ufeff",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0000",
            "\\u00E9",
            "\\ud83d\\ude00",
            "\\ud800",
            "text that is longer than a word",
            "{\\\"a\\\":1}",
            "0",
            "-"
        };
        private static final String[] SCALARS = {
            "null", "true", "false", "0", "-0", "1", "-1", "9007199254740993", "1e400"
        };

        private final Random random;

        Grammar(Random random) {
            this.random = random;
        }

        String document() {
            return space() + value(random.nextInt(6)) + space();
        }

        /** A container whose member names are 0/, 1/ and so on, and what stands in it. */
        String container(boolean object, List<String> values) {
            StringBuilder out = new StringBuilder(object ? "{" : "[").append(space());
            int size = random.nextInt(5);
            for (int i = 0; i < size; i++) {
                String value = value(2);
                values.add(value);
                out.append(i > 0 ? "," : "").append(space());
                if (object) {
                    out.append('"')
                            .append(i)
                            .append("\\u002F\"")
                            .append(space())
                            .append(':')
                            .append(space());
                }
                out.append(value).append(space());
            }
            return out.append(object ? '}' : ']').toString();
        }

        String value(int depth) {
            int kind = random.nextInt(depth > 0 ? 8 : 5);
            return switch (kind) {
                case 0, 1 -> string();
                case 2 -> number();
                case 3, 4 -> SCALARS[random.nextInt(SCALARS.length)];
                case 5, 6 -> object(depth - 1);
                default -> array(depth - 1);
            };
        }

        private String object(int depth) {
            StringBuilder out = new StringBuilder("{").append(space());
            int size = random.nextInt(5);
            for (int i = 0; i < size; i++) {
                // RFC 8259 allows half a surrogate pair anywhere; Jackson refuses it in names.
                String name = string().replace("\\ud800", "");
                out.append(i > 0 ? "," : "")
                        .append(space())
                        .append(name, 0, name.length() - 1)
                        .append(i)
                        .append('"');
                out.append(space())
                        .append(':')
                        .append(space())
                        .append(value(depth))
                        .append(space());
            }
            return out.append('}').toString();
        }

        private String array(int depth) {
            StringBuilder out = new StringBuilder("[").append(space());
            int size = random.nextInt(5);
            for (int i = 0; i < size; i++) {
                out.append(i > 0 ? "," : "")
                        .append(space())
                        .append(value(depth))
                        .append(space());
            }
            return out.append(']').toString();
        }

        String string() {
            StringBuilder out = new StringBuilder("\"");
            for (int i = random.nextInt(8); i > 0; i--) {
                out.append(PIECES[random.nextInt(PIECES.length)]);
            }
            return out.append('"').toString();
        }

        private String number() {
            StringBuilder out = new StringBuilder(random.nextBoolean() ? "-" : "");
            out.append(
                    random.nextInt(3) == 0
                            ? "0"
                            : new BigInteger(1 + random.nextInt(200), random)
                                    .setBit(0)
                                    .toString());
            if (random.nextBoolean()) {
                out.append('.').append(String.format("%0" + (1 + random.nextInt(20)) + "d", random.nextInt(10)));
            }
            if (random.nextInt(3) == 0) {
                out.append(random.nextBoolean() ? "e" : "E").append(new String[] {"", "+", "-"}[random.nextInt(3)]);
                out.append(random.nextInt(1000));
            }
            return out.toString();
        }

        String space() {
            return switch (random.nextInt(8)) {
                case 0 -> " ";
                case 1 -> "\r\n\t ";
                case 2 -> "\n";
                default -> "";
            };
        }
    }
}
