package dev.anystore.b2;

import dev.anystore.http.HttpResponse;
import dev.anystore.spi.Call;
import org.jspecify.annotations.Nullable;

/** An answer, and the call that can still be cancelled while its body is read. */
final class Answer implements AutoCloseable {
    private final HttpResponse response;
    private final Call.Registration registration;

    Answer(HttpResponse response, Call.Registration registration) {
        this.response = response;
        this.registration = registration;
    }

    int status() {
        return response.status();
    }

    @Nullable
    String header(String name) {
        return response.header(name);
    }

    HttpResponse response() {
        return response;
    }

    @Override
    public void close() {
        registration.close();
        response.close();
    }
}
