package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The routing table: a tree of path segments. A literal segment goes before a variable, a variable before the rest. */
final class Router {

    /** A route and what its variables stand for. */
    record Match(Route route, Map<String, String> parameters) {}

    private record Entry(Route route, List<String> variables) {}

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Entry> entries = new TreeMap<>();

        @Nullable
        Node variable;

        @Nullable
        Node rest;
    }

    private final Node root = new Node();

    Router(List<RouteGroup> groups) {
        groups.forEach(group -> group.routes().forEach(this::add));
    }

    private void add(Route route) {
        Node node = root;
        for (String segment : route.segments()) {
            if (Route.isRest(segment)) {
                node = node.rest = node.rest == null ? new Node() : node.rest;
            } else if (Route.isVariable(segment)) {
                node = node.variable = node.variable == null ? new Node() : node.variable;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        if (node.entries.put(route.method(), new Entry(route, route.variables())) != null) {
            throw new IllegalArgumentException(route.method() + " " + route.template() + " stands twice in the table");
        }
    }

    /**
     * Finds the route of a request.
     *
     * @throws Refusal 404 if there is no such path, 405 if there is, but not for this method
     */
    Match match(String method, Target target) {
        Deque<String> values = new ArrayDeque<>(4);
        Node node = find(root, target.segments(), 0, values);
        if (node == null) {
            throw Refusal.of(404, ErrorKind.BAD_REQUEST, "There is no such route");
        }
        Entry entry = node.entries.get(method.equals("HEAD") ? "GET" : method);
        if (entry == null) {
            String allow = String.join(", ", node.entries.keySet());
            throw Refusal.of(405, ErrorKind.BAD_REQUEST, "This route takes " + allow + " only")
                    .with("allow", node.entries.containsKey("GET") ? allow + ", HEAD" : allow);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        entry.variables().forEach(name -> parameters.put(name, values.removeFirst()));
        return new Match(entry.route(), Collections.unmodifiableMap(parameters));
    }

    private static @Nullable Node find(Node node, List<String> segments, int at, Deque<String> values) {
        if (at == segments.size()) {
            return node.entries.isEmpty() ? null : node;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        Node found = literal == null ? null : find(literal, segments, at + 1, values);
        if (found == null && node.variable != null && !segment.isEmpty()) {
            values.addLast(segment);
            found = find(node.variable, segments, at + 1, values);
            if (found == null) {
                values.removeLast();
            }
        }
        if (found == null && node.rest != null && !segment.isEmpty()) {
            values.addLast(String.join("/", segments.subList(at, segments.size())));
            found = node.rest;
        }
        return found;
    }
}
