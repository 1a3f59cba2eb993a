package dev.anystore.gcs;

import dev.anystore.StorageException;
import dev.anystore.spi.Call;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the real source when the first token is wanted: opening a store loads nothing of Google's. */
final class LateTokens implements TokenSource {
    private final Supplier<TokenSource> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable TokenSource made;
    private boolean closed;

    LateTokens(Supplier<TokenSource> maker) {
        this.maker = maker;
    }

    private TokenSource source() {
        TokenSource source = made;
        if (source != null) {
            return source;
        }
        lock.lock();
        try {
            if (closed) {
                throw StorageException.builder(StorageException.Kind.CLOSED)
                        .message("the store is closed")
                        .build();
            }
            source = made;
            if (source == null) {
                source = maker.get();
                made = source;
            }
            return source;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Token get(Call call) {
        return source().get(call);
    }

    @Override
    public boolean renew(Token refused, Call call) {
        return source().renew(refused, call);
    }

    @Override
    public @Nullable Signer signer(Call call) {
        return source().signer(call);
    }

    @Override
    public @Nullable Object credentials(Call call) {
        return source().credentials(call);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        TokenSource source = made;
        if (source != null) {
            source.close();
        }
    }
}
