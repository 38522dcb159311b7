package io.agenthub.mcp;

import static io.agenthub.mcp.ConfigFiles.names;
import static io.agenthub.mcp.ConfigFiles.server;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import io.agenthub.api.server.ToolPinning;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.api.spi.ConfigurationProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration file says. */
class McpServersFileProviderTest {
    @TempDir
    Path folder;

    private ConfigFiles files;

    @BeforeEach
    void folder() {
        files = new ConfigFiles(folder);
    }

    @Test
    void theProviderIsFoundByItsName() {
        assertTrue(ServiceLoader.load(ConfigurationProvider.class).stream()
                .anyMatch(found -> found.get().name().equals("mcp-servers")));
    }

    // As clients write it

    @Test
    void theFileOfClaudeDesktopWorksAsItIs() {
        HubConfig config = files.sample("claude_desktop_config.json");
        assertEquals(List.of("filesystem", "github", "brave-search"), names(config));
        ServerSpec github = server(config, "github");
        assertEquals("stdio", github.bridge());
        assertEquals("docker", github.settings().requiredString("command"));
        assertEquals(6, github.settings().strings("args").size());
        assertEquals(
                "ghp_0123456789abcdef0123456789abcdef0123",
                github.settings().stringMap("env").get("GITHUB_PERSONAL_ACCESS_TOKEN"));
        assertEquals(StartMode.ON_DEMAND, github.start());
        assertEquals(ServerLimits.DEFAULT, github.limits());
    }

    @Test
    void theFileOfVisualStudioCodeWorksAsItIs() {
        files.write(".env", "# comment\n\nexport FROM_FILE=\"yes\"\nHEADLESS=no\n");
        HubConfig config = files.sample("vscode-mcp.json", ".vscode/mcp.json");
        assertEquals(List.of("github", "playwright", "events"), names(config));
        ServerSpec github = server(config, "github");
        assertEquals("http", github.bridge());
        assertEquals("https://api.githubcopilot.com/mcp/", github.settings().requiredString("url"));
        assertEquals(
                "Bearer canary-token", github.settings().stringMap("headers").get("Authorization"));
        assertEquals("sse", server(config, "events").settings().requiredString("type"));
        ServerSpec playwright = server(config, "playwright");
        assertEquals(folder.toAbsolutePath().toString(), playwright.settings().requiredString("cwd"));
        assertEquals(
                Map.of(
                        "FROM_FILE",
                        "yes",
                        "HEADLESS",
                        "true",
                        "WORKERS",
                        "2",
                        "HOME_DIR",
                        System.getProperty("user.home")),
                playwright.settings().stringMap("env"));
    }

    @Test
    void theFileOfCursorWorksAsItIs() {
        HubConfig config = files.sample("cursor-mcp.json", ".cursor/mcp.json");
        assertEquals(List.of("server-name", "remote-server"), names(config));
        ServerSpec server = server(config, "server-name");
        assertEquals(
                List.of(folder.toAbsolutePath() + "/tools/mcp_server.py", "--sep", java.io.File.separator),
                server.settings().strings("args"));
        assertEquals(
                Map.of("API_KEY", "canary-key", "REGION", "eu-west-1", "TEMPLATE", "${NOT_A_VARIABLE} costs $5"),
                server.settings().stringMap("env"));
        assertEquals(
                "Bearer canary-key",
                server(config, "remote-server").settings().stringMap("headers").get("Authorization"));
    }

    @Test
    void theFileOfThePythonHubWorksAsItIs() {
        HubConfig config = files.sample("python-hub.json");
        ServerSpec context7 = server(config, "context7");
        assertEquals(StartMode.EAGER, context7.start());
        assertEquals(3, context7.restart().maxExits());
        assertEquals(RestartPolicy.DEFAULT.probeInterval(), context7.restart().probeInterval());
        assertEquals(Duration.ofSeconds(30), context7.healthInterval());
        ServerSpec memory = server(config, "memory");
        assertEquals(StartMode.ON_DEMAND, memory.start());
        assertEquals(0, memory.restart().maxExits());
        assertEquals(Duration.ZERO, memory.restart().probeInterval());
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        assertEquals(List.of("a"), names(files.text("\uFEFF{\"mcpServers\":{\"a\":{\"command\":\"x\"}}}")));
    }

    @Test
    void aFileWithoutServersIsAnEmptyHub() {
        assertEquals(List.of(), names(files.text("{}")));
        assertEquals(List.of(), names(files.text("{\"mcpServers\":{}}")));
    }

    @Test
    void keysThatOnlyAClientReadsArePassedOver() {
        HubConfig config = files.text("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"autoApprove\":[\"t\"],"
                + "\"alwaysAllow\":[],\"timeout\":60,\"description\":\"d\"}}}");
        assertEquals(
                ServerSpec.stdio("a", "x").build().callTimeout(),
                server(config, "a").callTimeout());
        assertEquals(
                java.util.Set.of("command", "args", "env"),
                java.util.Set.copyOf(server(config, "a").settings().keys()));
    }

    // The hub's own options

    @Test
    void whoSharesConnectionsIsAModeOrAModeWithItsBound() {
        HubConfig config = files.text("{\"mcpServers\":{"
                + "\"a\":{\"command\":\"x\",\"agenthub\":{\"process\":\"session\"}},"
                + "\"b\":{\"command\":\"x\",\"agenthub\":{\"process\":{\"mode\":\"pool\",\"max\":3}}},"
                + "\"c\":{\"command\":\"x\"}}}");
        assertEquals(
                new ProcessPolicy(ProcessPolicy.Mode.SESSION, 16),
                server(config, "a").process());
        assertEquals(
                new ProcessPolicy(ProcessPolicy.Mode.POOL, 3),
                server(config, "b").process());
        assertEquals(ProcessPolicy.DEFAULT, server(config, "c").process());
        ConfigurationException failure = assertThrows(
                ConfigurationException.class,
                () -> files.text("{\"mcpServers\":{\"a\":{\"command\":\"x\",\"agenthub\":{\"process\":\"own\"}}}}"));
        assertTrue(failure.getMessage().contains("own"), failure.getMessage());
    }

    @Test
    void everyOptionOfAServerIsRead() {
        ServerSpec read = server(files.sample("everything.json"), "files");
        assertEquals(StartMode.EAGER, read.start());
        assertEquals(Duration.ofMinutes(2), read.startTimeout());
        assertEquals(Duration.ofSeconds(45), read.callTimeout());
        assertEquals(Duration.ZERO, read.healthInterval());
        assertEquals(Duration.ofMinutes(15), read.idleStop());
        assertEquals(new ServerLimits(32, 4 << 20, 7, 1 << 20), read.limits());
        assertEquals(
                new RestartPolicy(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        3,
                        0.5,
                        9,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1)),
                read.restart());
        assertEquals(5, read.breaker().failures());
        assertEquals(Duration.ofSeconds(10), read.breaker().openFor());
        assertEquals(
                List.of("bwrap", "--ro-bind", "/jail", "/"), read.settings().strings("wrapper"));
        assertEquals(
                List.of(ToolPrompt.always("draw", "/prompt"), ToolPrompt.asked("draw", "/style/0")), read.enhance());
        assertEquals(ToolPinning.BLOCK, read.toolPinning());
        assertEquals("legacy", read.settings().requiredString("protocol"));
        assertEquals("forward", read.settings().requiredString("roots"));
        assertEquals("threads", read.settings().requiredString("transport"));
        assertEquals(List.of("HTTPS_PROXY"), read.settings().strings("inheritEnv"));
        assertEquals(List.of("NODE_OPTIONS"), read.settings().strings("allowEnv"));
    }

    @Test
    void everyOptionOfTheHubIsRead() {
        HubConfig config = files.sample("everything.json");
        assertEquals(100, config.maxInFlight());
        assertEquals(64 << 20, config.maxInFlightBytes());
        assertEquals(Duration.ofSeconds(3), config.drainTimeout());
        assertEquals("backoff", config.supervisor().provider());
        assertEquals("ollama", config.enhancer().provider());
        assertEquals(
                Map.of("model", "llama3.2", "url", "http://127.0.0.1:11434"),
                config.enhancer().settings().asMap());
        assertEquals("64MiB", config.enhancementCache().settings().requiredString("maxBytes"));
        assertEquals("FULL", config.activity().settings().requiredString("durability"));
        assertEquals(
                9191,
                config.sections().get("gateway").integer("port", 0, 65_535).orElseThrow());
        assertEquals(java.util.Set.of("gateway"), config.sections().keySet());
    }

    @ParameterizedTest
    @CsvSource({"GitHub,github", "My Server,my-server", "a.b/c,a-b-c", "__x__,x__", "Ünïcode 1,n-code-1", "a_b-c,a_b-c"
    })
    void aNameIsMadeFitForAUrl(String written, String name) {
        assertEquals(List.of(name), names(files.text("{\"mcpServers\":{\"" + written + "\":{\"command\":\"x\"}}}")));
    }

    @Test
    void anEmptyVariableTakesItsDefaultAndWithoutOneItsValue() {
        ServerSpec server = server(
                files.text(
                        "{\"mcpServers\":{\"a\":{\"command\":\"x\",\"args\":[\"${EMPTY:-d}\",\"[${EMPTY}]\",\"${NO:-}\"]}}}"),
                "a");
        assertEquals(List.of("d", "[]", ""), server.settings().strings("args"));
    }

    @Test
    void variablesAreReplacedOnce() {
        ServerSpec server = server(
                files.text("{\"mcpServers\":{\"a\":{\"command\":\"${CMD}\"}}}", Map.of("CMD", "${API_KEY}")), "a");
        assertEquals("${API_KEY}", server.settings().requiredString("command"));
    }

    @Test
    void specsShowNoSecrets() {
        HubConfig config = files.sample("cursor-mcp.json");
        assertFalse(config.toString().contains("canary"), config.toString());
    }
}
