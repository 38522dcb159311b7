package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.EnhancementListener;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows an improvement while it grows, without reasoning. Used by one call after the other, never by two at once. */
final class Preview implements StreamListener<Piece> {
    private static final Logger log = LoggerFactory.getLogger(Preview.class);

    private final EnhancementListener listener;
    private final BooleanSupplier over;
    private String model = "";
    private boolean announced;
    private boolean complained;
    private ThinkFilter filter = new ThinkFilter();

    Preview(EnhancementListener listener, BooleanSupplier over) {
        this.listener = listener;
        this.over = over;
    }

    /** Another model is asked; it is announced with its first words, on the thread that brings them. */
    void began(String asked) {
        model = asked;
        announced = false;
        filter = new ThinkFilter();
    }

    @Override
    public CompletionStage<Void> next(Piece piece) {
        String shown = filter.accept(piece.text());
        if (filter.voided()) {
            announced = false;
        }
        if (!shown.isEmpty()) {
            if (!announced) {
                announced = true;
                tell(() -> listener.began(model));
            }
            tell(() -> listener.wrote(shown));
        }
        return Promise.done();
    }

    private void tell(Runnable event) {
        if (over.getAsBoolean()) {
            return;
        }
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            if (!complained) {
                complained = true;
                log.atWarn().setCause(e).log("An enhancement listener threw; that changes nothing");
            }
        }
    }
}
