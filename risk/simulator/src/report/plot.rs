//! Lines in a picture, light, for pages and guides.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// What goes to the right.
    pub right: String,
    /// What goes up.
    pub up: String,
    /// Each with its name: points (wads).
    pub lines: Vec<(String, Vec<(u128, u128)>)>,
}

/// A picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture cannot be drawn: {0}")]
pub struct PlotError(String);

impl PlotError {
    pub(super) fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Colours that people tell apart who see fewer (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];

/// How wide and how high a picture is (pixels).
pub(super) const SIZE: (u32, u32) = (800, 450);

/// More points than this are not drawn: nobody sees more.
const MOST_POINTS: usize = 500;

impl Plot {
    /// The picture as SVG.
    ///
    /// # Errors
    /// [`PlotError`].
    pub fn svg(&self) -> Result<String, PlotError> {
        // Letters are measured with it wherever it is used at all.
        #[cfg(feature = "png")]
        super::png::font()?;
        let mut text = String::new();
        {
            let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
            self.draw(&root).map_err(PlotError::of)?;
        }
        Ok(text)
    }

    pub(super) fn draw<D: DrawingBackend>(
        &self,
        root: &DrawingArea<D, plotters::coord::Shift>,
    ) -> Result<(), DrawingAreaErrorKind<D::ErrorType>> {
        root.fill(&WHITE)?;
        let mut chart: ChartContext<'_, D, Cartesian2d<RangedCoordf64, RangedCoordf64>> = ChartBuilder::on(root)
            .caption(&self.title, ("sans-serif", 20))
            .margin(15)
            .x_label_area_size(45)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..self.most(|(right, _)| right), 0.0..self.most(|(_, up)| up))?;
        chart.configure_mesh().x_desc(&self.right).y_desc(&self.up).light_line_style(WHITE).draw()?;
        for ((name, points), colour) in self.lines.iter().zip(COLOURS.iter().cycle()) {
            let step = points.len().div_ceil(MOST_POINTS).max(1);
            let last = points.last().into_iter();
            let seen = points.iter().step_by(step).chain(last).map(|(right, up)| (number(*right), number(*up)));
            let legend = |(x, y)| PathElement::new(vec![(x, y), (x + 15, y)], colour.stroke_width(2));
            chart.draw_series(LineSeries::new(seen, colour.stroke_width(2)))?.label(name).legend(legend);
        }
        chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(BLACK).draw()?;
        root.present()
    }

    /// A little more than the largest of all points.
    fn most(&self, of: impl Fn((u128, u128)) -> u128) -> f64 {
        let points = self.lines.iter().flat_map(|(_, points)| points);
        number(points.map(|point| of(*point)).max().unwrap_or(0)).max(0.001) * 1.05
    }
}

/// A wad as a number to draw, with four decimals; what is too large is drawn at the edge.
fn number(wad: u128) -> f64 {
    f64::from(u32::try_from(wad / 100_000_000_000_000).unwrap_or(u32::MAX)) / 10_000.0
}
