package dev.anystore.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What most tests here do. */
final class Calls {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private Calls() {}

    /** ::1, whether this machine has it or not. */
    static InetAddress loopbackOfSix() throws UnknownHostException {
        byte[] address = new byte[16];
        address[15] = 1;
        return InetAddress.getByAddress(address);
    }

    static HttpRequest.Builder get(ScriptedServer server) {
        return HttpRequest.builder("GET", server.origin(), "/k", null);
    }

    static HttpRequest.Builder put(ScriptedServer server, HttpBody body) {
        return HttpRequest.builder("PUT", server.origin(), "/k", null).body(body);
    }

    /** Sends, reads the whole body, closes. */
    static String text(HttpTransport transport, HttpRequest request) throws IOException {
        try (HttpResponse response = transport.send(request)) {
            return new String(response.readAll(1 << 20), UTF_8);
        }
    }

    /** The failure of a call, which must be one of ours and of this kind. */
    static HttpException failure(HttpException.Kind kind, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(HttpException.class);
        HttpException e = (HttpException) thrown;
        assertThat(e.kind()).as("%s", e).isEqualTo(kind);
        return e;
    }
}
