/**
 * One lean, blocking HTTP/1.1 client, so that every provider behaves the same under fault.
 *
 * <p>A {@link dev.anystore.http.HttpTransport} belongs to one store and holds its connections. A caller builds an
 * {@link dev.anystore.http.HttpRequest} whose path and query are sent exactly as given, sends it on its own thread and
 * reads the {@link dev.anystore.http.HttpResponse}. Nothing is followed, stored, decoded or retried here, with one
 * exception: a pooled connection that turns out to be dead before anything of the answer was seen is replaced once.
 *
 * <p>A call passes through these states: permit from the pool, name, connect, proxy, TLS, send, answer, body. Blocking
 * calls carry no timers of their own. One thread, {@code anystore-watchdog}, looks at every connection ten times a
 * second while any is busy, and ends a call that is past its deadline, waits too long for its answer, or moves
 * fewer body bytes than the floor. Ending a call always means the raw channel: {@code SSLSocket.close()} waits for
 * a stuck writer, so it is never called on a live connection. A {@link dev.anystore.http.Cancellation} and an
 * interrupt of the calling thread go the same way. Every failure is an {@link dev.anystore.http.HttpException} that says what
 * failed and whether the service may have acted on the request.
 */
@NullMarked
package dev.anystore.http;

import org.jspecify.annotations.NullMarked;
