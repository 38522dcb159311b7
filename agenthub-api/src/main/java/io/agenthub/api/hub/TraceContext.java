package io.agenthub.api.hub;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a call stands in a distributed trace, as its caller says. It is carried to the server in {@code params._meta}, under
 * the names that MCP reserves for it: {@code traceparent}, {@code tracestate} and {@code baggage}. The hub carries it and adds
 * nothing: it begins no trace and makes no span.
 *
 * @param traceparent the caller's span, in the form of <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 * @param tracestate what vendors say of it; only with a {@code traceparent}
 * @param baggage properties in the form of <a href="https://www.w3.org/TR/baggage/">W3C Baggage</a>
 */
public record TraceContext(Optional<String> traceparent, Optional<String> tracestate, Optional<String> baggage) {
    private static final String META = "_meta";
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final String BAGGAGE = "baggage";

    // Version 00 ends here; a later one may go on behind a dash.
    private static final Pattern PARENT_FORM =
            Pattern.compile("(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
                    + "|(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[!-~]*)?)");
    private static final Pattern STATE_KEY = Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}");
    private static final Pattern STATE_VALUE = Pattern.compile("[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");
    private static final int STATE_MEMBERS = 32;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String VALUE = "[!#-+\\--:<-\\[\\]-~]*+";
    private static final Pattern BAGGAGE_MEMBER = Pattern.compile(
            TOKEN + "[ \t]*+=[ \t]*+" + VALUE + "(?:[ \t]*+;[ \t]*+" + TOKEN + "(?:[ \t]*+=[ \t]*+" + VALUE + ")?+)*+");
    private static final int BAGGAGE_MEMBERS = 180;
    private static final int LONGEST = 8_192;

    /**
     * Checks the forms.
     *
     * @throws IllegalArgumentException if one does not have the form of its specification, or there is a {@code tracestate}
     *     without a {@code traceparent}
     */
    public TraceContext {
        check(PARENT, traceparent.isEmpty() || isParent(traceparent.get()));
        check(STATE, tracestate.isEmpty() || (traceparent.isPresent() && isState(tracestate.get())));
        check(BAGGAGE, baggage.isEmpty() || isBaggage(baggage.get()));
    }

    private static void check(String name, boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException(name + " does not have the form that W3C asks for");
        }
    }

    /**
     * What is usable of the headers of a request, or of the members of a {@code _meta} object. What does not have its form is
     * left out; so is a {@code tracestate} whose {@code traceparent} is.
     *
     * @param traceparent as it came, or null
     * @param tracestate as it came, several joined by commas, or null
     * @param baggage as it came, several joined by commas, or null
     * @return the context, or empty if nothing is usable
     */
    public static Optional<TraceContext> parse(
            @Nullable String traceparent, @Nullable String tracestate, @Nullable String baggage) {
        Optional<String> parent = Optional.ofNullable(traceparent).filter(TraceContext::isParent);
        Optional<String> state =
                parent.flatMap(any -> Optional.ofNullable(tracestate)).filter(TraceContext::isState);
        Optional<String> properties = Optional.ofNullable(baggage).filter(TraceContext::isBaggage);
        return parent.isEmpty() && properties.isEmpty()
                ? Optional.empty()
                : Optional.of(new TraceContext(parent, state, properties));
    }

    private static boolean isParent(String value) {
        return value.length() <= LONGEST && PARENT_FORM.matcher(value).matches();
    }

    private static boolean isState(String value) {
        Set<String> keys = new HashSet<>();
        for (String written : value.split(",", -1)) {
            String member = trimmed(written);
            if (member.isEmpty()) {
                continue;
            }
            int equals = member.indexOf('=');
            if (equals < 0
                    || !STATE_KEY.matcher(member.substring(0, equals)).matches()
                    || !STATE_VALUE.matcher(member.substring(equals + 1)).matches()
                    || !keys.add(member.substring(0, equals))) {
                return false;
            }
        }
        return !keys.isEmpty() && keys.size() <= STATE_MEMBERS && value.length() <= LONGEST;
    }

    private static boolean isBaggage(String value) {
        if (value.length() > LONGEST) {
            return false;
        }
        String[] members = value.split(",", -1);
        for (String member : members) {
            if (!BAGGAGE_MEMBER.matcher(trimmed(member)).matches()) {
                return false;
            }
        }
        return members.length <= BAGGAGE_MEMBERS;
    }

    /** Without the spaces and tabs that lists allow around their members. */
    private static String trimmed(String member) {
        int from = 0;
        int to = member.length();
        while (from < to && isBlank(member.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(member.charAt(to - 1))) {
            to--;
        }
        return member.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * Parameters that carry this context. What their {@code _meta} says itself stays as it is and wins; every other byte stays,
     * too.
     *
     * @param params the parameters of a request, or null for none
     * @return with what was missing in their {@code _meta}; unchanged if they, or their {@code _meta}, are no object
     */
    public @Nullable JsonText into(@Nullable JsonText params) {
        try {
            JsonText holder = params == null ? JsonText.EMPTY_OBJECT : params;
            Optional<JsonText> present = holder.member(META);
            if (!holder.isObject() || present.filter(meta -> !meta.isObject()).isPresent()) {
                return params;
            }
            JsonText meta = present.orElse(JsonText.EMPTY_OBJECT);
            JsonText more = withBaggage(withParent(meta));
            return more.equals(meta) ? params : holder.with(META, more);
        } catch (MalformedMessageException e) {
            return params; // a member stands twice; the server is to judge that
        }
    }

    private JsonText withParent(JsonText meta) {
        boolean said = meta.member(PARENT)
                .flatMap(JsonText::string)
                .filter(TraceContext::isParent)
                .isPresent();
        if (said || traceparent.isEmpty()) {
            return meta;
        }
        JsonText with = meta.with(PARENT, JsonText.quote(traceparent.get()));
        // A state without its parent, or with another, means nothing.
        return tracestate.map(state -> with.with(STATE, JsonText.quote(state))).orElseGet(() -> with.without(STATE));
    }

    private JsonText withBaggage(JsonText meta) {
        return baggage.isEmpty() || meta.member(BAGGAGE).isPresent()
                ? meta
                : meta.with(BAGGAGE, JsonText.quote(baggage.get()));
    }
}
