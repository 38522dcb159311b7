package io.agenthub.mcp.internal.process;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a child may see of our environment: a short list of harmless variables, and what was declared for it. */
public final class ChildEnvironment {
    private static final Set<String> PASSED = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "TERM",
            "LANG",
            "TMPDIR",
            "TZ",
            // Windows programs do not start without these.
            "SYSTEMROOT",
            "SYSTEMDRIVE",
            "COMSPEC",
            "PATHEXT",
            "TEMP",
            "TMP",
            "USERPROFILE",
            "APPDATA",
            "LOCALAPPDATA");

    /** Variables that make a program load other code than its own, by loader, runtime or shell. */
    private static final Set<String> LOADERS = Set.of(
            "NODE_OPTIONS",
            "NODE_PATH",
            "PYTHONSTARTUP",
            "PYTHONHOME",
            "PERL5OPT",
            "PERL5LIB",
            "RUBYOPT",
            "RUBYLIB",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "CLASSPATH",
            "DOTNET_STARTUP_HOOKS",
            "BASH_ENV",
            "ENV",
            "IFS",
            "GCONV_PATH");

    private ChildEnvironment() {}

    /**
     * Whether a variable can make a program load foreign code, so that it has to be allowed by name.
     *
     * @param name the variable
     * @return true for {@code LD_*}, {@code DYLD_*} and the like
     */
    public static boolean isLoader(String name) {
        return name.startsWith("LD_") || name.startsWith("DYLD_") || LOADERS.contains(name);
    }

    /**
     * Builds an environment.
     *
     * @param ours looks up our own variables
     * @param names the names there are
     * @param inherited more names to pass on
     * @param declared what the server's settings set; wins over ours
     * @return the whole environment of the child
     */
    public static Map<String, String> build(
            Function<String, Optional<String>> ours,
            Collection<String> names,
            Collection<String> inherited,
            Map<String, String> declared) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : names) {
            if (PASSED.contains(name) || name.startsWith("LC_") || inherited.contains(name)) {
                ours.apply(name).ifPresent(value -> environment.put(name, value));
            }
        }
        environment.putAll(declared);
        return environment;
    }
}
