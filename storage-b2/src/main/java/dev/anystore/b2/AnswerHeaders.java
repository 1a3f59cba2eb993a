package dev.anystore.b2;

import com.backblaze.b2.client.contentSources.B2Headers;
import com.backblaze.b2.client.contentSources.B2HeadersImpl;
import dev.anystore.http.HttpHeaders;

/** The head of an answer as the SDK wants it. */
final class AnswerHeaders {
    private AnswerHeaders() {}

    static B2Headers of(Answer answer) {
        B2HeadersImpl.Builder builder = B2HeadersImpl.builder();
        HttpHeaders headers = answer.response().headers();
        for (int i = 0; i < headers.size(); i++) {
            builder.set(headers.name(i), headers.value(i));
        }
        return builder.build();
    }
}
