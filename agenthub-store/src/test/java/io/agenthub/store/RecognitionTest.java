package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.agenthub.api.rpc.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal requests are recognised by whoever has the key. */
class RecognitionTest {
    private static final byte[] KEY = "an own key for each installation".getBytes(StandardCharsets.US_ASCII);

    private static JsonText request(int length) {
        return JsonText.of("\"" + "x".repeat(length - 2) + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 31, 100, 4_095, 4_096})
    void theKeyIsHashedBeforeTheRequest(int length) throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(KEY, "HmacSHA256"));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(derivation.doFinal("request".getBytes(StandardCharsets.US_ASCII)));
        byte[] whole = digest.digest(request(length).toString().getBytes(StandardCharsets.UTF_8));
        Recognition recognition = new Recognition(KEY);
        assertArrayEquals(Arrays.copyOf(whole, 16), recognition.hash(request(length)));
        assertArrayEquals(Arrays.copyOf(whole, 16), recognition.hash(request(length)), "it begins anew");
    }

    @ParameterizedTest
    @ValueSource(ints = {4_097, 5_000, 100_000})
    void ofALongRequestTheKeyIsHashedBeforeItsLengthAndWhatTheUniversalHashMakesOfIt(int length)
            throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(KEY, "HmacSHA256"));
        ByteBuffer longKey = ByteBuffer.allocate(UniversalHash.BLOCK);
        for (byte i = 0; i < 32; i++) {
            derivation.update("long ".getBytes(StandardCharsets.US_ASCII));
            longKey.put(derivation.doFinal(new byte[] {i}));
        }
        byte[] outcomes = new byte[UniversalHash.outcomes(length)];
        new UniversalHash(longKey.array()).compress(request(length).asByteBuffer(), outcomes, 0);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(derivation.doFinal("request".getBytes(StandardCharsets.US_ASCII)));
        digest.update(ByteBuffer.allocate(5).putInt(1, length).array());
        byte[] whole = digest.digest(outcomes);
        Recognition recognition = new Recognition(KEY);
        assertArrayEquals(Arrays.copyOf(whole, 16), recognition.hash(request(length)));
        assertArrayEquals(Arrays.copyOf(whole, 16), recognition.hash(request(length)), "it begins anew");
    }

    @Test
    void anotherKeyOrRequestHasAnotherHash() {
        Recognition recognition = new Recognition(KEY);
        byte[] hash = recognition.hash(request(100)).clone();
        assertEquals(16, hash.length);
        assertFalse(Arrays.equals(hash, recognition.hash(request(101))));
        byte[] other = KEY.clone();
        other[0]++;
        assertFalse(Arrays.equals(hash, new Recognition(other).hash(request(100))));
    }

    @Test
    void anotherKeyOrLengthHasAnotherHashOfALongRequest() {
        Recognition recognition = new Recognition(KEY);
        byte[] hash = recognition.hash(request(10_000)).clone();
        assertFalse(Arrays.equals(hash, recognition.hash(request(10_001))));
        byte[] other = KEY.clone();
        other[0]++;
        assertFalse(Arrays.equals(hash, new Recognition(other).hash(request(10_000))));
    }
}
