# Local slopes of the mean-squared displacements
# Draw again:  gnuplot diffusion-beta.gp
# Another kind of file:  gnuplot -e "format='pdf'" diffusion-beta.gp   (svg, pdf or png)

if (!exists('format')) format = 'svg'
if (!exists('output')) output = 'diffusion-beta.'.format
if (format eq 'svg') {
  set terminal svg size 600,431 font 'Arial,20' enhanced background 'white' linewidth 1.5
  ticlength = 0.6; pointsize = 0.55; keyspacing = 0.95
}
if (format eq 'pdf') {
  set terminal pdfcairo size 8.5cm,6.11cm font 'Arial,8' \
    fontscale 0.75 enhanced linewidth 1.2
  ticlength = 0.6; pointsize = 0.35; keyspacing = 1.15
}
if (format eq 'png') {
  if (strstrt(GPVAL_TERMINALS, ' pngcairo ')) {
    set terminal pngcairo size 1004,721 font 'Arial,25' enhanced background 'white' linewidth 2.5
  } else {
    set terminal png size 1004,721 font 'Arial,25' enhanced linewidth 2.5
  }
  ticlength = 1; pointsize = 1.2; keyspacing = 1.15
}
set output output
set encoding utf8
set minussign
set datafile separator comma

set lmargin at screen 0.1488
set rmargin at screen 0.9588
set bmargin at screen 0.1893
set tmargin at screen 0.9672
set border 31 front lw 1
set tics front in scale ticlength, 0.5*ticlength
unset title
set pointintervalbox 0.001
set xrange [0.001:1.25]
set logscale x
set xtics mirror ('0.001' 0.001, '' 0.002 1, '' 0.003 1, '' 0.004 1, '' 0.005 1, '' 0.006 1, '' 0.007 1, '' 0.008 1, '' 0.009 1, '0.01' 0.01, '' 0.02 1, '' 0.03 1, '' 0.04 1, '' 0.05 1, '' 0.06 1, '' 0.07 1, '' 0.08 1, '' 0.09 1, '0.1' 0.1, '' 0.2 1, '' 0.3 1, '' 0.4 1, '' 0.5 1, '' 0.6 1, '' 0.7 1, '' 0.8 1, '' 0.9 1, '1' 1.0)
set label '{/:Italic t} (ps)' at screen 0.5538,0.0535 center
set yrange [0.0:2.1]
set ytics mirror 0.5
set mytics 5
set format y '%.1f'
set label 'β = d ln MSD / d ln t' at screen 0.0329,0.5783 rotate by 90 center
set key top right Left reverse samplen 1.6 spacing keyspacing width 0.5 noautotitle

plot \
  'diffusion-beta.csv' skip 1 using 1:2 with lines lw 2 dt solid lc rgb '#0072B2' title 'Li', \
  'diffusion-beta.csv' skip 1 using 3:4 with lines lw 2 dt (6,4) lc rgb '#D55E00' title 'diffusive'
set output
