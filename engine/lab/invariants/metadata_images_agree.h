#pragma once

#include "invariant.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// Whoever has read the metadata log up to the same offset knows the same cluster.
class MetadataImagesAgree final : public Invariant {
 public:
  explicit MetadataImagesAgree(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Metadata images agree."; }

  /// Says what is wrong with a broker's image beside the controller's.
  void compare(base::BrokerId broker, const controller::MetadataImage& brokers,
               const controller::MetadataImage& controllers);

 private:
  void check() override;

  const ReplicaReader& m_replicas;
};

}  // namespace streamscope::lab
