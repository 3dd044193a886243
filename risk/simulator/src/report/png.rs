//! Pictures as PNG, for what shows no SVG.

use super::plot::{Plot, PlotError, SIZE};
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::sync::OnceLock;

/// Registers what letters are drawn with: a machine may have no fonts.
pub(super) fn font() -> Result<(), PlotError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let font = epaint_default_fonts::UBUNTU_LIGHT;
    let is_registered = REGISTERED.get_or_init(|| register_font("sans-serif", FontStyle::Normal, font).is_ok());
    if *is_registered { Ok(()) } else { Err(PlotError::of("the font is none")) }
}

impl Plot {
    /// The picture as PNG, three bytes a pixel.
    ///
    /// # Errors
    /// [`PlotError`].
    pub fn png(&self) -> Result<Vec<u8>, PlotError> {
        font()?;
        let (width, height) = SIZE;
        let mut pixels = vec![0; usize::try_from(width * height * 3).map_err(PlotError::of)?];
        let root = BitMapBackend::with_buffer(&mut pixels, SIZE).into_drawing_area();
        self.draw(&root).map_err(PlotError::of)?;
        drop(root);
        let mut image = vec![];
        let mut encoder = png::Encoder::new(&mut image, width, height);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().map_err(PlotError::of)?;
        writer.write_image_data(&pixels).map_err(PlotError::of)?;
        writer.finish().map_err(PlotError::of)?;
        Ok(image)
    }
}
