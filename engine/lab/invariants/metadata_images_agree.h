#pragma once

#include "invariant.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// Whoever has read the committed metadata log up to the same offset knows the same cluster, brokers and controllers.
class MetadataImagesAgree final : public Invariant {
 public:
  explicit MetadataImagesAgree(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Metadata images agree."; }

  /// Says what is wrong with the image of `who` beside that of `other`.
  void compare(const std::string& who, const controller::MetadataImage& image, const std::string& other,
               const controller::MetadataImage& others);

 private:
  void check() override;

  const ReplicaReader& m_replicas;
};

}  // namespace streamscope::lab
