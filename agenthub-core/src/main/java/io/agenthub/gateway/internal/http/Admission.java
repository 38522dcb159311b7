package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides from the head alone whether a request is taken: token, route, media type, coding, length. Thread-safe. */
final class Admission {
    private static final Pattern JSON =
            Pattern.compile("application/json(?:[ \t]*;[ \t]*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

    private final AccessRules rules;
    private final Router router;
    private final HttpLimits limits;
    private final RecentRoutes recent = new RecentRoutes();

    Admission(AccessRules rules, Router router, HttpLimits limits) {
        this.rules = rules;
        this.router = router;
        this.limits = limits;
    }

    /** Whether bytes of a body follow the head. */
    static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    }

    /**
     * Takes a request.
     *
     * @param before where the request before it on its connection went, or null
     * @return what is to be answered
     * @throws Refusal if it is not taken
     */
    Exchange admit(Connection connection, HttpRequest request, @Nullable Routed before) {
        HttpHeaders headers = request.headers();
        String method = request.method().name();
        boolean authorized = rules.isAuthorized(headers.getAll(HttpHeaderNames.AUTHORIZATION));
        Routed routed = authorized && before != null && before.isFor(method, request.uri())
                ? before
                : route(method, request.uri(), headers, authorized);
        checkContent(request);
        return new Exchange(connection, routed, headers, authorized);
    }

    private Routed route(String method, String uri, HttpHeaders headers, boolean authorized) {
        Routed known = authorized ? recent.find(method, uri) : null;
        if (known != null) {
            return known;
        }
        Target target = Target.parse(uri);
        Router.Match match = authorized ? router.match(method, target) : matchOpen(method, target, headers);
        Routed routed = new Routed(method, uri, target, match);
        if (authorized) {
            recent.keep(routed);
        }
        return routed;
    }

    /** What routes there are is not told to strangers. */
    private Router.Match matchOpen(String method, Target target, HttpHeaders headers) {
        try {
            Router.Match match = router.match(method, target);
            if (match.route().open()) {
                return match;
            }
        } catch (Refusal hidden) {
            throw unauthorized(target, headers);
        }
        throw unauthorized(target, headers);
    }

    private Refusal unauthorized(Target target, HttpHeaders headers) {
        boolean tried = headers.contains(HttpHeaderNames.AUTHORIZATION);
        List<String> parameters = new ArrayList<>(2);
        if (tried) {
            parameters.add("error=\"invalid_token\"");
        }
        String host = headers.get(HttpHeaderNames.HOST);
        if (!rules.isBehind(host)) {
            String path = target.path().equals("/") ? "" : target.path();
            parameters.add("resource_metadata=\"http://" + host + AccessRules.METADATA + path + "\"");
        }
        return Refusal.of(401, ErrorKind.FORBIDDEN, tried ? "The token is wrong" : "A bearer token is required")
                .with("www-authenticate", ("Bearer " + String.join(", ", parameters)).strip());
    }

    private void checkContent(HttpRequest request) {
        HttpHeaders headers = request.headers();
        long length = HttpUtil.getContentLength(request, 0L);
        boolean body = length > 0 || HttpUtil.isTransferEncodingChunked(request);
        if (body
                && (request.method().name().equals("GET")
                        || request.method().name().equals("HEAD"))) {
            throw Refusal.malformed("a " + request.method() + " with a body");
        }
        List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (body || !types.isEmpty()) {
            if (types.size() != 1 || !isJson(types.get(0))) {
                throw Refusal.of(415, ErrorKind.BAD_REQUEST, "Content-Type must be application/json");
            }
        }
        for (String coding : headers.getAll(HttpHeaderNames.CONTENT_ENCODING)) {
            if (!coding.equalsIgnoreCase("identity")) {
                throw Refusal.of(415, ErrorKind.BAD_REQUEST, "Content-Encoding must be identity");
            }
        }
        for (String expectation : headers.getAll(HttpHeaderNames.EXPECT)) {
            if (!expectation.equalsIgnoreCase("100-continue")) {
                throw Refusal.of(417, ErrorKind.BAD_REQUEST, "Only 100-continue can be expected here");
            }
        }
        if (length > limits.maxBodyBytes()) {
            throw BodyBuffer.tooLarge(limits);
        }
    }

    private static boolean isJson(String type) {
        // What nearly all clients write needs no pattern.
        return type.equals("application/json") || JSON.matcher(type).matches();
    }
}
