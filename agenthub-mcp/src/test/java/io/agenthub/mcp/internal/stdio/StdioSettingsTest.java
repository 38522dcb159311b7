package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.mcp.internal.era.EraPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StdioSettingsTest {
    private static final Map<String, String> OURS = Map.of(
            "PATH",
            "/bin",
            "HOME",
            "/h",
            "LANG",
            "C",
            "LC_ALL",
            "C.UTF-8",
            "TZ",
            "UTC",
            "SECRET_API_KEY",
            "canary",
            "HTTPS_PROXY",
            "http://proxy",
            "LD_PRELOAD",
            "/evil.so",
            "JAVA_HOME",
            "/jdk");

    private static StdioSettings read(ServerSpec.Builder spec) {
        return StdioSettings.read(spec.build(), OURS);
    }

    private static ConfigurationException refused(ServerSpec.Builder spec) {
        return assertThrows(ConfigurationException.class, () -> read(spec));
    }

    @Test
    void theChildSeesTheAllowListAndWhatIsDeclared() {
        StdioSettings settings = read(ServerSpec.stdio("a", "x")
                .setting("env", Map.of("OWN", "1", "TZ", "CET"))
                .setting("inheritEnv", List.of("HTTPS_PROXY", "NOT_SET")));
        assertEquals(
                Map.of(
                        "PATH",
                        "/bin",
                        "HOME",
                        "/h",
                        "LANG",
                        "C",
                        "LC_ALL",
                        "C.UTF-8",
                        "TZ",
                        "CET",
                        "OWN",
                        "1",
                        "HTTPS_PROXY",
                        "http://proxy"),
                settings.launch().environment());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "DYLD_INSERT_LIBRARIES",
                "NODE_OPTIONS",
                "PYTHONSTARTUP",
                "PERL5OPT",
                "RUBYOPT",
                "JAVA_TOOL_OPTIONS",
                "BASH_ENV"
            })
    void aVariableThatLoadsForeignCodeMustBeAllowedByName(String name) {
        ConfigurationException declared = refused(ServerSpec.stdio("a", "x").setting("env", Map.of(name, "canary")));
        assertEquals("servers.a.env." + name, declared.path());
        assertTrue(declared.getMessage().contains("allowEnv"), declared.getMessage());
        assertFalse(declared.getMessage().contains("canary"), declared.getMessage());
        refused(ServerSpec.stdio("a", "x").setting("inheritEnv", List.of(name)));
        StdioSettings allowed = read(
                ServerSpec.stdio("a", "x").setting("env", Map.of(name, "v")).setting("allowEnv", List.of(name)));
        assertEquals("v", allowed.launch().environment().get(name));
    }

    @Test
    void pythonPathIsAnOrdinaryVariable() {
        assertEquals(
                "src",
                read(ServerSpec.stdio("a", "x").setting("env", Map.of("PYTHONPATH", "src")))
                        .launch()
                        .environment()
                        .get("PYTHONPATH"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b"})
    void lineBreaksAndNulAreRefusedInEveryArgument(String word) {
        assertEquals("servers.a.command", refused(ServerSpec.stdio("a", word)).path());
        assertEquals("servers.a.args", refused(ServerSpec.stdio("a", "x", word)).path());
        assertEquals(
                "servers.a.wrapper",
                refused(ServerSpec.stdio("a", "x").setting("wrapper", List.of("w", word)))
                        .path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "A\u0000"})
    void whatIsNoNameOfAVariableIsRefused(String name) {
        refused(ServerSpec.stdio("a", "x").setting("env", Map.of(name, "v")));
    }

    @Test
    void nulInAValueIsRefused() {
        refused(ServerSpec.stdio("a", "x").setting("env", Map.of("A", "canary\u0000")));
    }

    @Test
    void unknownAndMissingSettingsAreRefused() {
        assertTrue(refused(ServerSpec.stdio("a", "x").setting("arg", List.of()))
                .getMessage()
                .contains("'args'"));
        assertEquals(
                "servers.a.command",
                refused(ServerSpec.builder("a", "stdio").setting("args", List.of()))
                        .path());
    }

    @Test
    void theEraIsAskedForUnlessItIsConfigured() {
        assertEquals(EraPolicy.AUTO, read(ServerSpec.stdio("a", "x")).era());
        assertEquals(
                EraPolicy.LEGACY,
                read(ServerSpec.stdio("a", "x").setting("protocol", "legacy")).era());
        assertEquals(
                EraPolicy.MODERN,
                read(ServerSpec.stdio("a", "x").setting("protocol", "modern")).era());
        assertTrue(refused(ServerSpec.stdio("a", "x").setting("protocol", "new"))
                .getMessage()
                .contains("auto"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "77", "088", "077; rm -rf /", "00777"})
    void whatIsNoUmaskIsRefused(String umask) {
        assertEquals(
                "servers.a.umask",
                refused(ServerSpec.stdio("a", "x").setting("umask", umask)).path());
    }

    @Test
    void settingsShowNoValues() {
        StdioSettings settings = read(ServerSpec.stdio("a", "x", "--key=canary").setting("env", Map.of("K", "canary")));
        assertFalse(settings.toString().contains("canary"), settings.toString());
    }
}
