package io.agenthub.core;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.tck.HubTck;

class HubContractTest extends HubTck {
    @Override
    protected Hub hub(HubConfig config, BridgeProvider bridges, HubListener listener) {
        return AgentHub.builder()
                .config(config)
                .bridge(bridges)
                .listener(listener)
                .build();
    }
}
