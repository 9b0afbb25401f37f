#pragma once

#include <map>
#include <optional>
#include <string>

#include "cluster_control.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "protocol/messages/alter_configs.h"
#include "protocol/messages/incremental_alter_configs.h"
#include "replication_control.h"

namespace streamscope::controller {

/// Decides on changes of configs: a topic's or a broker's, or the default of all brokers. Each resource is refused or
/// accepted for itself, as a whole. What of Kafka's checks a broker does before it forwards (ConfigAdminManager) is
/// done here too. Source: Kafka's ConfigurationControlManager, ControllerConfigurationValidator.
class ConfigurationControl {
 public:
  explicit ConfigurationControl(const MetadataImage& image) : m_image(image) {}

  template <class Response>
  struct Decision {
    MetadataRecords records;
    Response response;
  };
  Decision<protocol::IncrementalAlterConfigsResponse> alterIncrementally(
      const protocol::IncrementalAlterConfigsRequest& request) const;
  /// Replaces all configs of each resource; what is not named goes.
  Decision<protocol::AlterConfigsResponse> replace(const protocol::AlterConfigsRequest& request) const;

 private:
  using Configs = std::map<std::string, std::string>;
  /// No value: deleted.
  using Changes = std::map<std::string, std::optional<std::string>>;
  struct Resource {
    ConfigResourceType type;
    std::string name;
  };

  base::Result<Changes> changesOf(const Resource& resource,
                                  const protocol::IncrementalAlterConfigsRequest::AlterConfigsResource& asked) const;
  base::Result<Changes> changesOf(const Resource& resource,
                                  const protocol::AlterConfigsRequest::AlterConfigsResource& asked) const;
  /// APPEND and SUBTRACT.
  base::Result<std::string> alterList(const Resource& resource, const std::string& key, const std::string& operand,
                                      bool isAppend) const;
  base::Status check(const Resource& resource, const Changes& changes) const;
  base::Status checkTopic(const std::string& topic, const Configs& configs) const;
  base::Status checkBroker(const std::string& broker, const Changes& changes) const;
  void appendRecords(const Resource& resource, const Changes& changes, MetadataRecords& records) const;
  template <class Response, class Request>
  Decision<Response> decide(const Request& request) const;

  const MetadataImage& m_image;
};

}  // namespace streamscope::controller
