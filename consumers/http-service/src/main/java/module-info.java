/** Names no provider: dev.anystore uses whichever modules provide one. */
module com.example.http {
    requires dev.anystore;
    requires jdk.httpserver;
}
