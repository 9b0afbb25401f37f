#pragma once

#include "broker/broker_config.h"
#include "controller/metadata_image.h"

namespace streamscope::broker {

/// What a broker obeys now: the configs it was started with, over them the default the metadata log has for all
/// brokers, over that what it has for this one. Which may change so the controller has decided; one this broker does
/// not know changes nothing. Kafka: DynamicBrokerConfig.
BrokerConfig withDynamicConfigs(const BrokerConfig& started, const controller::MetadataImage& image);

}  // namespace streamscope::broker
