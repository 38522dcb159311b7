package io.agenthub.api.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientProfileTest {
    private static ClientProfile of(String capabilities) {
        return new ClientProfile(JsonText.of(capabilities), Optional.empty(), Optional.empty(), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | false",
                "{\"sampling\":{}} | true",
                "{\"elicitation\":{}} | true",
                "{\"roots\":{\"listChanged\":true}} | true",
                "{\"tasks\":{},\"experimental\":{\"sampling\":{}}} | false"
            })
    void aClientCanBeAskedWhatItDeclares(String capabilities, boolean asked) {
        assertEquals(asked, of(capabilities).canBeAsked());
    }

    @Test
    void aClientThatSaidNothingCanBeAskedNothing() {
        assertFalse(ClientProfile.NONE.canBeAsked());
        assertFalse(ClientProfile.NONE.takesInputRequired());
    }

    @Test
    void capabilitiesAreAnObject() {
        assertThrows(IllegalArgumentException.class, () -> of("[]"));
        assertThrows(NullPointerException.class, () -> new ClientProfile(JsonText.EMPTY_OBJECT, null, null, false));
    }
}
