package com.example.http;

import com.sun.net.httpserver.HttpServer;
import dev.anystore.ObjectStore;
import dev.anystore.ProviderInfo;
import dev.anystore.StorageConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Serves the store that the environment names, on a free port of this machine, until it is told to end. */
public final class Main {
    private Main() {}

    /** Prints the providers that it found, and where it listens. */
    public static void main(String[] arguments) throws IOException {
        StorageConfig config = StorageConfig.getDefault();
        ObjectStore store = config.open();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext(ObjectHandler.PATH, new ObjectHandler(store));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(0);
            workers.shutdownNow();
            store.close();
            System.out.println("closed");
        }));
        server.start();
        System.out.println("providers: "
                + StorageConfig.listProviders().stream()
                        .filter(ProviderInfo::installed)
                        .map(ProviderInfo::id)
                        .sorted()
                        .collect(Collectors.joining(" ")));
        System.out.println("serving " + config.providerId() + " at http://127.0.0.1:"
                + server.getAddress().getPort() + ObjectHandler.PATH);
    }
}
