package io.agenthub.gateway.internal.http;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentRoutesTest {
    private static final Route ROUTE = Route.of("GET", "/servers/{name}", exchange -> {});

    private final RecentRoutes recent = new RecentRoutes();

    private Routed kept(String method, String uri) {
        Routed routed = new Routed(method, uri, Target.parse(uri), new Router.Match(ROUTE, Map.of()));
        recent.keep(routed);
        return routed;
    }

    @Test
    void anEqualRequestIsFound() {
        Routed routed = kept("GET", "/servers/one");
        assertSame(routed, recent.find("GET", new String("/servers/one".toCharArray())));
        assertNull(recent.find("POST", "/servers/one"));
        assertNull(recent.find("GET", "/servers/two"));
    }

    @Test
    void oneOfTheSamePlaceReplacesAnother() {
        kept("GET", "/servers/Aa");
        assertNull(recent.find("GET", "/servers/BB"), "they share a hash code, and nothing else");
        Routed second = kept("GET", "/servers/BB");
        assertSame(second, recent.find("GET", "/servers/BB"));
        assertNull(recent.find("GET", "/servers/Aa"));
    }

    @Test
    void whatIsLongOrHasAQueryIsNotKept() {
        String longest = "/servers/" + "x".repeat(247);
        assertSame(kept("GET", longest), recent.find("GET", longest));
        kept("GET", longest + "x");
        assertNull(recent.find("GET", longest + "x"));
        kept("GET", "/servers/one?page=2");
        assertNull(recent.find("GET", "/servers/one?page=2"));
    }
}
