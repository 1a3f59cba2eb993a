package dev.anystore.http;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** Gives out prepared bytes and then ends, as whole as it is asked or in pieces of changing sizes; sends nothing anywhere. */
final class PiecesSocket extends SSLSocket {
    private final byte[] sent;
    private final int cuts;
    private int at;
    private int turn;

    /**
     * A socket.
     *
     * @param cuts 0 for whole, else what the sizes of the pieces come from
     */
    PiecesSocket(byte[] sent, int cuts) {
        this.sent = sent;
        this.cuts = cuts;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("nobody reads single bytes from a connection");
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                Objects.checkFromIndexSize(offset, length, target.length);
                if (length == 0) {
                    throw new AssertionError("a read of nothing, which would be tried for ever");
                }
                if (at == sent.length) {
                    return -1;
                }
                int n = Math.min(length, sent.length - at);
                if (cuts > 0) {
                    n = Math.min(n, 1 + (cuts * 7 + turn++ * 13) % (cuts % 5 == 0 ? 2 : 40));
                }
                System.arraycopy(sent, at, target, offset, n);
                at += n;
                return n;
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    // ---- what nobody asks here

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[0];
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {}

    @Override
    public SSLSession getSession() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {}

    @Override
    public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {}

    @Override
    public void startHandshake() {}

    @Override
    public void setUseClientMode(boolean mode) {}

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return false;
    }
}
