package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThinkFilterTest {
    private static final Map<String, String> CASES = cases();

    private static Map<String, String> cases() {
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("plain words", "plain words");
        cases.put("<think>secret</think>answer", "answer");
        cases.put("before<think>secret</think>after", "beforeafter");
        cases.put("<THINK>secret</Think>answer", "answer");
        cases.put("<thinking>secret</thinking><thought>more</thought><reasoning>x</reasoning>answer", "answer");
        cases.put("<think>a<think>b</think>c</think>answer", "answer");
        cases.put("secret without a beginning</think>answer", "answer");
        cases.put("<think>secret without an end", "");
        cases.put("<think></think>", "");
        cases.put("1 < 2 and <b>bold</b> and <thin>", "1 < 2 and <b>bold</b> and <thin>");
        cases.put("an open <thi", "an open <thi");
        cases.put("a < b << c <", "a < b << c <");
        cases.put("<think>1 < 2</thin></think>\n\nanswer", "\n\nanswer");
        cases.put("", "");
        return cases;
    }

    @Test
    void reasoningIsTakenOutOfAWholeAnswer() {
        CASES.forEach((text, answer) -> assertEquals(answer, ThinkFilter.strip(text), text));
    }

    @Test
    void reasoningIsTakenOutWhereverThePiecesAreCut() {
        CASES.forEach((text, answer) -> {
            for (int size = 1; size <= Math.max(1, text.length()); size++) {
                ThinkFilter filter = new ThinkFilter();
                StringBuilder shown = new StringBuilder();
                for (int at = 0; at < text.length(); at += size) {
                    String piece = filter.accept(text.substring(at, Math.min(text.length(), at + size)));
                    if (filter.voided()) {
                        shown.setLength(0);
                    }
                    shown.append(piece);
                }
                assertEquals(answer, filter.finish(), text + " in pieces of " + size);
                assertTrue(answer.isEmpty() || answer.startsWith(shown.toString()), text + " showed " + shown);
                assertFalse(shown.toString().contains("secret"), text + " showed " + shown);
            }
        });
    }
}
