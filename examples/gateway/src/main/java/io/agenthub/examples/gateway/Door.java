package io.agenthub.examples.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.gateway.Gateway;
import io.agenthub.gateway.GatewayConfig;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * The gateway's options, and where each was written.
 *
 * @param config the options
 * @param section what the file says of them; empty without one
 * @param line what the command line says
 */
record Door(GatewayConfig config, Settings section, CommandLine line) {
    /** The variable of the environment that may hold the token. */
    static final String TOKEN = "AGENTHUB_TOKEN";

    /**
     * Reads the options. What the command line and the environment say comes before what the file says, but for the token.
     *
     * @throws ConfigurationException if they cannot be used; it names the option as it was written
     */
    static Door of(Settings section, CommandLine line, Map<String, String> environment) {
        GatewayConfig written = GatewayConfig.from(section);
        GatewayConfig.Builder gateway = written.toBuilder();
        String token = environment.get(TOKEN);
        if (token != null && written.token().isEmpty()) {
            gateway.token(token);
        }
        line.host().ifPresent(gateway::host);
        line.port().ifPresent(gateway::port);
        try {
            GatewayConfig config = gateway.build();
            Gateway.check(config);
            return new Door(config, section, line);
        } catch (ConfigurationException e) {
            throw named(e, section, line);
        }
    }

    /**
     * Starts the gateway and waits for it.
     *
     * @return where it listens
     * @throws ConfigurationException if it cannot listen there; it names the option as it was written
     */
    InetSocketAddress open(Gateway gateway) {
        try {
            return Application.done(gateway.start());
        } catch (ConfigurationException e) {
            throw named(e, section, line);
        }
    }

    /** The gateway calls its options as they are called in code. */
    private static ConfigurationException named(ConfigurationException problem, Settings section, CommandLine line) {
        String option = problem.path().substring(problem.path().lastIndexOf('.') + 1);
        return switch (option) {
            case "host" ->
                line.host().isPresent() ? typed(problem, "--host") : section.error(option, problem.problem());
            case "port" ->
                line.port().isPresent() || line.config().isEmpty()
                        ? typed(problem, "--port")
                        : section.error(option, problem.problem());
            default -> typed(problem, TOKEN);
        };
    }

    private static ConfigurationException typed(ConfigurationException problem, String option) {
        return new ConfigurationException(option, problem.problem(), problem);
    }
}
