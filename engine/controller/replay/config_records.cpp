#include "controller/metadata_image.h"

namespace streamscope::controller {

base::Status MetadataImage::apply(const protocol::ConfigRecord& record) {
  const std::pair resource{record.resourceType, record.resourceName};
  if (record.value) {
    m_configs[resource][record.name] = *record.value;
    return {};
  }
  const auto configs = m_configs.find(resource);
  if (configs == m_configs.end()) return {};
  configs->second.erase(record.name);
  if (configs->second.empty()) m_configs.erase(configs);
  return {};
}

void MetadataImage::appendConfigs(std::vector<protocol::MetadataRecord>& records) const {
  for (const auto& [resource, configs] : m_configs)
    for (const auto& [name, value] : configs)
      records.emplace_back(protocol::ConfigRecord{resource.first, resource.second, name, value});
}

}  // namespace streamscope::controller
