package dev.anystore.benchmarks;

import java.util.List;

/** This library with Conscrypt's TLS. */
public final class AnystoreConscrypt implements Contender {
    private final AnystoreContender plain = new AnystoreContender();

    @Override
    public String name() {
        return "anystore-conscrypt";
    }

    @Override
    public String description() {
        return plain.description() + ", TLS by Conscrypt";
    }

    @Override
    public List<String> jvm() {
        return List.of("-Danystore.tls=conscrypt");
    }

    @Override
    public Client open(Job job) {
        return plain.open(job);
    }
}
