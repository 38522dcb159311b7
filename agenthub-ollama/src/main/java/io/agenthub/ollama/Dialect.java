package io.agenthub.ollama;

import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.rpc.JsonText;
import java.util.List;

/** How requests and answers are written in one style of API. Stateless. */
interface Dialect {

    /** Where a conversation is sent. */
    String chatPath();

    /** Where a conversation is sent as a single prompt. */
    String generatePath();

    JsonText chatBody(ModelRequest request, boolean stream);

    JsonText generateBody(ModelRequest request, boolean stream);

    /** Reads one whole answer. */
    Answer answer(JsonText body);

    /** Reads a streamed answer from its first line; one longer than allowed is refused. */
    LineFold<Piece, Answer> stream(int maxAnswerBytes);

    String modelsPath();

    List<ModelInfo> models(JsonText body);

    String embedPath();

    /** The embeddings in the order of the inputs. */
    List<float[]> embeddings(JsonText body);
}
