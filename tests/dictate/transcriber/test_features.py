"""Log-mel features beside those of faster-whisper."""

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from dictate.transcriber.features import WINDOW, LogMel


@pytest.mark.parametrize("n_mels", [80, 128])
@pytest.mark.parametrize("length", [201, 1600, 16_001, 111_111])
def test_features_are_those_that_models_were_trained_on(n_mels: int, length: int) -> None:
    """Every frame and band is the same as in the reference, to a millionth or so."""
    rng = np.random.default_rng(length)
    sound = (rng.normal(0, 0.1, length) * np.linspace(0, 1, length)).astype(np.float32)
    ours = LogMel(FeatureExtractor.get_mel_filters(16_000, WINDOW, n_mels=n_mels))(sound)
    reference = FeatureExtractor(feature_size=n_mels)(sound)
    assert ours.shape == reference.shape
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, reference, atol=2e-5)


def test_silence_has_features_too() -> None:
    """Nothing at all is not divided by or taken the logarithm of."""
    features = LogMel(FeatureExtractor.get_mel_filters(16_000, WINDOW, n_mels=80))(
        np.zeros(1600, dtype=np.float32)
    )
    assert np.isfinite(features).all()
