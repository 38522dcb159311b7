package io.agenthub.gateway.internal.mcp.aggregate;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.server.UnknownServerException;
import io.agenthub.gateway.internal.mcp.aggregate.Listing.Entry;
import io.agenthub.gateway.internal.mcp.aggregate.Listing.Kind;
import io.agenthub.gateway.internal.mcp.upstream.ServerLink;
import io.agenthub.gateway.internal.mcp.upstream.Servers;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Finds whose a tool, a prompt or a resource is. Thread-safe. */
final class Origins {
    /**
     * Where something is.
     *
     * @param server whose it is
     * @param name what that server calls it
     */
    record Origin(ServerLink server, String name) {}

    private static final Pattern EXPRESSION = Pattern.compile("\\{[^}]*}");

    private final Servers servers;
    private final Gatherer gatherer;

    Origins(Servers servers, Gatherer gatherer) {
        this.servers = servers;
        this.gatherer = gatherer;
    }

    /** The tool or prompt of this public name. */
    CompletionStage<Optional<Origin>> named(Kind kind, String publicName, CallOptions options) {
        Optional<Origin> known = known(kind, publicName);
        if (known.isPresent() || !PublicName.mayBeDigested(publicName)) {
            return Promise.succeeded(known);
        }
        return Promise.chain(
                gatherer.gather(kind, options),
                listing -> Promise.succeeded(
                        listing.find(publicName).flatMap(this::origin).or(() -> takenApart(publicName))));
    }

    /** The same without asking any server. */
    Optional<Origin> known(Kind kind, String publicName) {
        if (!PublicName.mayBeDigested(publicName)) {
            return takenApart(publicName);
        }
        return gatherer.latest(kind)
                .flatMap(listing -> listing.find(publicName))
                .flatMap(this::origin);
    }

    private Optional<Origin> takenApart(String publicName) {
        String server = PublicName.server(publicName);
        boolean plain = !server.isEmpty()
                && PublicName.of(server, PublicName.original(publicName)).equals(publicName);
        return plain ? link(server).map(link -> new Origin(link, PublicName.original(publicName))) : Optional.empty();
    }

    private Optional<Origin> origin(Entry entry) {
        return link(entry.server()).map(link -> new Origin(link, entry.name()));
    }

    private Optional<ServerLink> link(String server) {
        try {
            return Optional.of(servers.get(server));
        } catch (UnknownServerException e) {
            return Optional.empty();
        }
    }

    /** The owner of a resource: who lists it, or else who lists a template that it follows. */
    CompletionStage<Optional<Origin>> owner(String uri, CallOptions options) {
        Optional<Origin> known = knownOwner(uri);
        if (known.isPresent()) {
            return Promise.succeeded(known);
        }
        return Promise.chain(gatherer.gather(Kind.RESOURCES, options), resources -> {
            Optional<Origin> owner = resources.find(uri).flatMap(this::origin);
            return owner.isPresent()
                    ? Promise.succeeded(owner)
                    : Promise.chain(
                            gatherer.gather(Kind.TEMPLATES, options),
                            templates -> Promise.succeeded(byTemplate(templates, uri)));
        });
    }

    /** The same without asking any server. */
    Optional<Origin> knownOwner(String uri) {
        return gatherer.latest(Kind.RESOURCES)
                .flatMap(listing -> listing.find(uri))
                .flatMap(this::origin)
                .or(() -> gatherer.latest(Kind.TEMPLATES).flatMap(listing -> byTemplate(listing, uri)));
    }

    private Optional<Origin> byTemplate(Listing templates, String uri) {
        return templates.entries().stream()
                .filter(entry -> entry.name().equals(uri) || follows(uri, entry.name()))
                .findFirst()
                .flatMap(this::origin)
                .map(origin -> new Origin(origin.server(), uri));
    }

    /** Whether a resource may follow a template: what stands between the expressions must be there, in order. */
    private static boolean follows(String uri, String template) {
        String[] literals = EXPRESSION.split(template, -1);
        if (literals.length == 1 || literals[0].isEmpty()) {
            return false;
        }
        int at = literals[0].length();
        if (!uri.startsWith(literals[0])) {
            return false;
        }
        for (int i = 1; i < literals.length - 1; i++) {
            int found = uri.indexOf(literals[i], at);
            if (found < 0) {
                return false;
            }
            at = found + literals[i].length();
        }
        String last = literals[literals.length - 1];
        return uri.length() - last.length() >= at && uri.endsWith(last);
    }
}
