package dev.anystore.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a name. May block: it runs on threads of its own, which a deadline leaves behind. A caller
 * that must connect only to addresses which it has checked gives one that answers with these.
 */
@FunctionalInterface
public interface Resolver {
    /** The addresses, at least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
